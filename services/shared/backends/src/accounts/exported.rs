//! All that PostgreSQL says of a person, for the person to take along: but for secrets, and hashes of them.

use anyhow::{Context, Result};
use domain::UserId;
use serde_json::Value;

use super::Accounts;

/// Columns are named one by one, so that no secret comes along that somebody adds to a table.
const SQL: &str = "SELECT jsonb_build_object( \
    'id', id, 'username', username::text, 'email', email::text, 'name', name, 'role', role, \
    'created_at', created_at, 'premium_ended', premium_ended, 'wants_job_mails', wants_job_mails, \
    'wants_archive_mails', wants_archive_mails, \
    'terms', terms_version, 'terms_accepted_at', terms_accepted_at, \
    'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object('began', s.created_at, 'seen', s.seen_at, \
        'ends', s.expires_at, 'browser', s.browser, 'address', s.address) ORDER BY s.created_at), '[]') FROM sessions s WHERE s.user_id = users.id AND s.expires_at > now()), \
    'api_tokens', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'ending', t.ending, 'scopes', t.scopes, \
        'made', t.created_at, 'ends', t.expires_at, 'used', t.used_at) ORDER BY t.created_at), '[]') FROM api_tokens t \
        WHERE t.user_id = users.id), \
    'webhooks', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'url', w.url, 'events', w.events, \
        'made', w.created_at, 'paused', w.paused_at, 'deliveries', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, \
        'event', d.event, 'job', d.job_id, 'made', d.created_at, 'attempts', d.attempts, 'status', d.status, \
        'arrived', d.delivered_at) ORDER BY d.created_at), '[]') FROM webhook_deliveries d WHERE d.webhook_id = w.id)) \
        ORDER BY w.created_at), '[]') FROM webhooks w WHERE w.user_id = users.id), \
    'new_address', (SELECT jsonb_build_object('email', c.email::text, 'link_ends', c.expires_at) FROM email_changes c \
        WHERE c.user_id = users.id), \
    'second_factor', EXISTS (SELECT FROM second_factors f WHERE f.user_id = users.id), \
    'subscription', (SELECT jsonb_build_object('stripe_customer', p.stripe_customer_id, \
        'stripe_subscription', p.stripe_subscription_id, 'status', p.status, 'paid_until', p.current_period_end, \
        'ends_then', p.cancel_at_period_end) FROM subscriptions p WHERE p.user_id = users.id), \
    'mails_about_the_account', (SELECT coalesce(jsonb_agg(jsonb_build_object('about', n.key, 'sent', n.told_at) \
        ORDER BY n.claimed_at), '[]') FROM notices n WHERE n.user_id = users.id), \
    'mails_that_came_back', (SELECT jsonb_build_object('how', m.trouble, 'since', m.since) FROM undeliverable m \
        WHERE m.email = users.email), \
    'administration', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', a.at, 'action', a.action, \
        'subject', a.subject, 'detail', a.detail) ORDER BY a.id), '[]') FROM audit a WHERE a.actor_id = users.id) \
    )::text FROM users WHERE id = $1";

impl Accounts {
    /// What is kept of a person, as JSON; `None` if there is no such person.
    pub async fn exported(&self, user: UserId) -> Result<Option<Value>> {
        let connection = self.connection().await?;
        let row = connection.query_opt(SQL, &[&user.as_uuid()]).await;
        let Some(row) = row.context("export an account")? else {
            return Ok(None);
        };
        let account = serde_json::from_str(row.try_get(0)?).context("read an exported account")?;
        Ok(Some(account))
    }
}
