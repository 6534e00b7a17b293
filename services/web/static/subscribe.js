// The form of /subscribe. The card is typed into Stripe's field and confirmed with Stripe; our server gets its id.

const form = document.getElementById("subscribe_form");
const button = document.getElementById("bill-me");
const errors = form.querySelector(".payment-errors");
const progress = document.getElementById("payment-progress");
const { key, setupSecret, paymentSecret } = form.dataset;

function busy(words) {
  button.disabled = words !== "";
  form.setAttribute("aria-busy", String(words !== ""));
  progress.textContent = words;
}

function fail(message) {
  busy("");
  errors.textContent = message;
}

function mountCard(stripe) {
  const style = getComputedStyle(document.getElementById("card-element"));
  const base = { color: style.color, fontFamily: style.fontFamily, fontSize: style.fontSize };
  const card = stripe.elements().create("card", { hidePostalCode: true, style: { base } });
  card.mount("#card-element");
  card.on("change", (event) => (errors.textContent = event?.error?.message ?? ""));
  return card;
}

/// Asks Stripe, which asks the bank if need be; the answer has an error or none.
async function confirm(stripe, card) {
  if (paymentSecret) return stripe.confirmCardPayment(paymentSecret);
  const name = document.getElementById("name-on-card").value.trim();
  return stripe.confirmCardSetup(setupSecret, { payment_method: { card, billing_details: { name } } });
}

function start() {
  if (typeof Stripe === "undefined") {
    errors.textContent = "The payment form could not be loaded from Stripe. Check your connection or your ad blocker, and reload this page.";
    return;
  }
  const stripe = Stripe(key);
  const card = paymentSecret ? null : mountCard(stripe);
  busy("");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    errors.textContent = "";
    busy("Talking to your bank …");
    const { error } = await confirm(stripe, card).catch((error) => ({ error }));
    if (error) return fail(error.message ?? "The card could not be confirmed. Try again.");
    busy("Setting up Premium; this takes a few seconds …");
    form.submit();
  });
}

start();

// A page that the browser kept when it was left has a button that still says busy.
addEventListener("pageshow", (event) => event.persisted && location.reload());
