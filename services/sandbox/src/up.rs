//! The whole system, from nothing to ready and back.

use std::io::Read;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use chassis::shutdown::{self, Shutdown};
use console::style;
use tokio::task::JoinHandle;

use crate::args::UpArgs;
use crate::folders::Folders;
use crate::mailbox;
use crate::orphans::Register;
use crate::plan::Plan;
use crate::progress::{line, step};
use crate::provision;
use crate::references::{self, Preparation, Sequences};
use crate::roles;
use crate::services::{self, Services};
use crate::stores::Stores;

/// How long the services may take to get ready.
const READY_PATIENCE: Duration = Duration::from_secs(60);

/// Runs the system until Ctrl-C, SIGTERM or (for tests) the end of standard input.
pub async fn run(args: UpArgs) -> Result<()> {
    let begun = Instant::now();
    let shutdown = shutdown::signal();
    let folders = Folders::new(
        &std::env::current_exe().context("find this program")?,
        args.data.clone(),
    )?;
    let _lock = folders.lock()?;
    line(format_args!("{}", style("Genomics Annotation Service").bold()));
    let register = Register::new(&folders);
    let orphans = register.stop_orphans();
    if orphans > 0 {
        line(format_args!(
            "  Stopped {orphans} processes that an earlier run had left"
        ));
    }
    if args.stop_with_stdin {
        stop_with_stdin(shutdown.clone());
    }
    // Whoever presses Ctrl-C while packages are installed need not wait for them.
    let plan = tokio::select! {
        plan = Plan::prepare(args, folders) => plan?,
        () = shutdown.requested() => return Ok(()),
    };
    plan.run(&register, shutdown, begun).await
}

impl Plan {
    async fn run(self, register: &Register, shutdown: Shutdown, begun: Instant) -> Result<()> {
        let mut stores = Stores::default();
        let ran = self.run_over(&mut stores, register, &shutdown, begun).await;
        let _ = std::fs::remove_file(self.folders.endpoints());
        stores.stop().await;
        register.stop_orphans();
        if self.args.throwaway {
            self.folders.clear()?;
        }
        ran
    }

    async fn run_over(
        &self,
        stores: &mut Stores,
        register: &Register,
        shutdown: &Shutdown,
        begun: Instant,
    ) -> Result<()> {
        step("Start PostgreSQL and the emulators", stores.start(self)).await?;
        register.write(stores.pids().map(|(_, pid)| pid));
        let provision = self.provision_settings();
        step(
            "Provision buckets, table, topics, queues, vault and plan",
            provision::everything(&self.aws(&provision.aws).await, &provision),
        )
        .await?;
        let mailbox = tokio::spawn(mailbox::serve(
            (Ipv4Addr::LOCALHOST, self.mailbox_port).into(),
            self.aws_url(),
        ));
        let references = self.prepare_references()?;
        let mut plans = self.service_plans()?;
        if let Some(program) = &self.args.roles {
            roles::hand_out(program, self, &mut plans).await?;
        }
        let services = Services::start(plans.clone())?;
        let ready = tokio::select! {
            ready = step("Start the services", services::healthy(&plans, READY_PATIENCE)) => ready,
            () = shutdown.requested() => Ok(()),
        };
        if ready.is_ok() && !shutdown.is_requested() {
            self.tell(begun);
            self.keep_endpoints(&services, stores, register, shutdown).await;
            line(format_args!("\nStopping …"));
        }
        references.abort();
        let _ = references.await;
        services.stop().await;
        mailbox.abort();
        ready
    }

    /// Makes references in the background, and fetches their sequences afterwards. Aborting the task ends its child process.
    fn prepare_references(&self) -> Result<JoinHandle<()>> {
        let folder = references::folder(&self.folders);
        let log = self.folders.log("references")?;
        let without = self.args.no_references || self.args.reference.is_some();
        let preparation = match without {
            true => None,
            false => Preparation::take_on(&folder, log.clone())?,
        };
        let sequences = Sequences {
            tables: references::tables(&folder),
            folder,
            log,
            binary: std::env::current_exe().context("find this program")?,
            download: self.args.download.clone(),
        };
        let wanted = !without && !self.args.no_sequence;
        Ok(tokio::spawn(async move {
            if let Some(preparation) = preparation {
                preparation.run().await;
            }
            if wanted {
                let next = "The next start tries again, --no-sequence does without";
                sequences.complete(next).await;
            }
        }))
    }

    /// Keeps the file of addresses and the register true until shutdown.
    async fn keep_endpoints(&self, services: &Services, stores: &Stores, register: &Register, shutdown: &Shutdown) {
        loop {
            register.write(stores.pids().map(|(_, pid)| pid).chain(services.pids().into_values()));
            if let Err(error) = self.endpoints(services, stores).write(&self.folders.endpoints()) {
                line(format_args!("{error:#}"));
            }
            tokio::select! {
                () = services.changed() => {}
                () = shutdown.requested() => return,
            }
        }
    }

    fn tell(&self, begun: Instant) {
        let (web, mailbox) = (
            self.web_url(),
            format!("http://localhost:{}/mailbox", self.mailbox_port),
        );
        line(format_args!(
            "\n{} in {:.1} s\n",
            style("Ready").green().bold(),
            begun.elapsed().as_secs_f64()
        ));
        for (what, address) in [
            ("Web pages", web.clone()),
            ("Mailbox", mailbox.clone()),
            ("AWS emulator", self.aws_url()),
            ("Glacier", self.glacier_url()),
            ("Stripe emulator", self.stripe_url()),
            (
                "PostgreSQL",
                format!("127.0.0.1:{} (user gas, database gas)", self.postgres_port),
            ),
            ("Logs", self.folders.data.join("logs").display().to_string()),
            ("All addresses", self.folders.endpoints().display().to_string()),
        ] {
            line(format_args!("  {what:<15} {}", style(address).cyan()));
        }
        line(format_args!(
            "\nFirst steps: register at {web}/register (your browser warns of the self-signed certificate),"
        ));
        line(format_args!(
            "follow the link that arrives in {mailbox}, log in and annotate a VCF. Premium at {web}/subscribe is paid with"
        ));
        line(format_args!(
            "card 4242 4242 4242 4242, any date to come, any CVC (…0002 is declined). Ctrl-C stops everything.\n"
        ));
    }
}

/// The test that started us is gone when its end of our standard input is.
fn stop_with_stdin(shutdown: Shutdown) {
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        shutdown.request();
    });
}
