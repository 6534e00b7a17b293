--
-- PostgreSQL database dump
--

\restrict 4NF4tW4nE6CtCwLPSn0cWsKQJDgGk0rLaf1F5gsGQx9LfeFXXNmQeyXON79PesB

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: citext; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;


--
-- Name: EXTENSION citext; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION citext IS 'data type for case-insensitive character strings';


--
-- Name: refuse_to_change_audit(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_to_change_audit() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'records of the audit are never changed';
END
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: audit; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id uuid,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT audit_action_check CHECK ((action = ANY (ARRAY['change_role'::text, 'redrive'::text, 'redriven'::text, 'retry_job'::text])))
);


--
-- Name: audit_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: notices; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.notices (
    key text NOT NULL,
    user_id uuid NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: refinery_schema_history; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.refinery_schema_history (
    version integer NOT NULL,
    name character varying(255),
    applied_on character varying(255),
    checksum character varying(255)
);


--
-- Name: registrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.registrations (
    id uuid NOT NULL,
    username public.citext NOT NULL,
    email public.citext NOT NULL,
    name text NOT NULL,
    password_hash text,
    token_hash bytea NOT NULL,
    sent_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone
);


--
-- Name: sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sessions (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: stripe_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.stripe_events (
    id text NOT NULL,
    kind text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    handled_at timestamp with time zone,
    attempts integer DEFAULT 1 NOT NULL,
    error text
);


--
-- Name: subscriptions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.subscriptions (
    user_id uuid NOT NULL,
    stripe_customer_id text,
    stripe_subscription_id text,
    status text,
    current_period_end timestamp with time zone,
    cancel_at_period_end boolean DEFAULT false NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    announced boolean DEFAULT true NOT NULL,
    checkout_until timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT subscriptions_status_check CHECK ((status = ANY (ARRAY['incomplete'::text, 'incomplete_expired'::text, 'trialing'::text, 'active'::text, 'past_due'::text, 'unpaid'::text, 'paused'::text, 'canceled'::text])))
);


--
-- Name: users; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.users (
    id uuid NOT NULL,
    username public.citext NOT NULL,
    email public.citext NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    role text DEFAULT 'free_user'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    premium_ended timestamp with time zone,
    upgrades integer DEFAULT 0 NOT NULL,
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['free_user'::text, 'premium_user'::text, 'admin_user'::text, 'super_user'::text])))
);


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit (id, at, actor_id, actor, action, subject, detail) OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-27 12:53:50.49227+00', NULL, 'command line', 'change_role', 'linda', 'free_user super_user');


--
-- Data for Name: notices; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.notices (key, user_id, claimed_at) VALUES ('results-restored/ba877d1a-e495-46a6-b66b-13ab800d341f/upgrade-1', 'ba877d1a-e495-46a6-b66b-13ab800d341f', '2026-11-27 12:54:06.092349+00');


--
-- Data for Name: refinery_schema_history; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.refinery_schema_history (version, name, applied_on, checksum) VALUES (1, 'accounts', '2026-11-27T12:53:46.661239068Z', '17733205614641087221');
INSERT INTO public.refinery_schema_history (version, name, applied_on, checksum) VALUES (2, 'premium', '2026-11-27T12:53:46.708596855Z', '2790404668620308944');
INSERT INTO public.refinery_schema_history (version, name, applied_on, checksum) VALUES (3, 'notices', '2026-11-27T12:53:46.71218206Z', '17556999793944832664');
INSERT INTO public.refinery_schema_history (version, name, applied_on, checksum) VALUES (4, 'billing', '2026-11-27T12:53:46.725095965Z', '14134391447634748585');
INSERT INTO public.refinery_schema_history (version, name, applied_on, checksum) VALUES (5, 'audit', '2026-11-27T12:53:46.736778269Z', '1419237027381718853');
INSERT INTO public.refinery_schema_history (version, name, applied_on, checksum) VALUES (6, 'upgrades', '2026-11-27T12:53:46.746778809Z', '116565364184295808');


--
-- Data for Name: registrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.registrations (id, username, email, name, password_hash, token_hash, sent_at, expires_at, confirmed_at) VALUES ('cb23f8f8-5022-4337-b5da-1d8b9dc7ff26', 'ada', 'ada@example.org', 'Ada Example', NULL, '\x4ae36234e6509f837954cd6ea120d6556f93a0fbd7585e24e21804b718a2ab01', '2026-11-27 12:53:49.337998+00', '2026-11-28 12:53:49.337998+00', '2026-11-27 12:53:49.443387+00');
INSERT INTO public.registrations (id, username, email, name, password_hash, token_hash, sent_at, expires_at, confirmed_at) VALUES ('0918ae0f-a72c-4696-8192-c40270672608', 'grace', 'grace@example.org', 'Grace Example', NULL, '\xac6ef91a4e0d1c1a4db7b0c86ec0857f7bed43f0ba5bf4288b28c3959802754b', '2026-11-27 12:53:49.602351+00', '2026-11-28 12:53:49.602351+00', '2026-11-27 12:53:49.685411+00');
INSERT INTO public.registrations (id, username, email, name, password_hash, token_hash, sent_at, expires_at, confirmed_at) VALUES ('7da5ffef-1741-4f58-bdc6-8075292c3fc7', 'linda', 'linda@example.org', 'Linda Example', NULL, '\x0c404d451df5381f57e8002bb1bfdce936b3ef9202c1efac6c85f66103eb2dbf', '2026-11-27 12:53:50.0865+00', '2026-11-28 12:53:50.0865+00', '2026-11-27 12:53:50.221203+00');


--
-- Data for Name: sessions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sessions (token_hash, user_id, created_at, expires_at) VALUES ('\x68188132602b93009cbb883997d310e71f93b529e077d9cff3afc729e5d8a648', '474d6533-efd7-4815-889c-1d801360280f', '2026-11-27 12:53:49.531453+00', '2026-11-28 00:53:49.531453+00');
INSERT INTO public.sessions (token_hash, user_id, created_at, expires_at) VALUES ('\xf47fce8f895f76e2d2a7ad1ebc48208483296f5ad19ceb307d85de963861aa66', 'ba877d1a-e495-46a6-b66b-13ab800d341f', '2026-11-27 12:53:49.811293+00', '2026-11-28 00:53:49.811293+00');
INSERT INTO public.sessions (token_hash, user_id, created_at, expires_at) VALUES ('\x4c50e73dcab6beaa5df1e4473ac2ae896a71c762e10bf60c60f5e0cc237ca5ce', '82761d67-62de-4dbc-a3f6-d1b71e59c350', '2026-11-27 12:53:50.318194+00', '2026-11-28 00:53:50.318194+00');


--
-- Data for Name: stripe_events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.stripe_events (id, kind, received_at, handled_at, attempts, error) VALUES ('evt_rD4lJAkD3bqyMq', 'product.created', '2026-11-27 12:53:48.234757+00', '2026-11-27 12:53:48.516791+00', 1, NULL);
INSERT INTO public.stripe_events (id, kind, received_at, handled_at, attempts, error) VALUES ('evt_DkHyRzY0kDUhEB', 'plan.created', '2026-11-27 12:53:48.226515+00', '2026-11-27 12:53:48.516806+00', 1, NULL);
INSERT INTO public.stripe_events (id, kind, received_at, handled_at, attempts, error) VALUES ('evt_9GLLiembOkx0Wi', 'customer.created', '2026-11-27 12:54:04.655234+00', '2026-11-27 12:54:04.688454+00', 1, NULL);
INSERT INTO public.stripe_events (id, kind, received_at, handled_at, attempts, error) VALUES ('evt_fNRJD4jZ0rwJf4', 'customer.updated', '2026-11-27 12:54:04.71894+00', '2026-11-27 12:54:04.721133+00', 1, NULL);
INSERT INTO public.stripe_events (id, kind, received_at, handled_at, attempts, error) VALUES ('evt_8bemDONaBWwZxQ', 'invoice.created', '2026-11-27 12:54:04.763475+00', '2026-11-27 12:54:04.776829+00', 1, NULL);
INSERT INTO public.stripe_events (id, kind, received_at, handled_at, attempts, error) VALUES ('evt_m7x1hI4HhBsbGs', 'payment_intent.succeeded', '2026-11-27 12:54:04.764481+00', '2026-11-27 12:54:04.791587+00', 1, NULL);
INSERT INTO public.stripe_events (id, kind, received_at, handled_at, attempts, error) VALUES ('evt_izaRp7qIQ7Up0o', 'invoice.payment_succeeded', '2026-11-27 12:54:04.766759+00', '2026-11-27 12:54:04.888755+00', 1, NULL);
INSERT INTO public.stripe_events (id, kind, received_at, handled_at, attempts, error) VALUES ('evt_wWPiC7lpSoU2EE', 'customer.subscription.created', '2026-11-27 12:54:04.919046+00', '2026-11-27 12:54:04.945879+00', 1, NULL);


--
-- Data for Name: subscriptions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.subscriptions (user_id, stripe_customer_id, stripe_subscription_id, status, current_period_end, cancel_at_period_end, version, announced, checkout_until, updated_at) VALUES ('ba877d1a-e495-46a6-b66b-13ab800d341f', 'cus_NnRfVQxcdO7YMn', 'sub_oVVhrMCyPlHLHU', 'active', '2026-12-04 12:54:03+00', false, 3, true, NULL, '2026-11-27 12:54:04.930581+00');


--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.users (id, username, email, name, password_hash, role, created_at, premium_ended, upgrades) VALUES ('474d6533-efd7-4815-889c-1d801360280f', 'ada', 'ada@example.org', 'Ada Example', '$argon2id$v=19$m=19456,t=2,p=1$jZJLCBibG7xEUUqhYfGZdw$mSGDiUvCWadKdWMnDU3P2ThrghVf/vTtmpla8nwUpVg', 'free_user', '2026-11-27 12:53:49.443387+00', NULL, 0);
INSERT INTO public.users (id, username, email, name, password_hash, role, created_at, premium_ended, upgrades) VALUES ('82761d67-62de-4dbc-a3f6-d1b71e59c350', 'linda', 'linda@example.org', 'Linda Example', '$argon2id$v=19$m=19456,t=2,p=1$YMxrWJ9IS/EinW4nW05wow$Rf8iG/Ov5BnS9dAEwbAXDHtHelMW8KngVUj1NbxLoLw', 'super_user', '2026-11-27 12:53:50.221203+00', NULL, 1);
INSERT INTO public.users (id, username, email, name, password_hash, role, created_at, premium_ended, upgrades) VALUES ('ba877d1a-e495-46a6-b66b-13ab800d341f', 'grace', 'grace@example.org', 'Grace Example', '$argon2id$v=19$m=19456,t=2,p=1$zZ27dz2EDd6+/qCVXWhfnQ$HPR7+S7KQUNjNSiOKY6Tsbx+wmBDgpl71zR9GEer4IE', 'premium_user', '2026-11-27 12:53:49.685411+00', NULL, 1);


--
-- Name: audit_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.audit_id_seq', 1, true);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);


--
-- Name: notices notices_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_pkey PRIMARY KEY (key);


--
-- Name: refinery_schema_history refinery_schema_history_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.refinery_schema_history
    ADD CONSTRAINT refinery_schema_history_pkey PRIMARY KEY (version);


--
-- Name: registrations registrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.registrations
    ADD CONSTRAINT registrations_pkey PRIMARY KEY (id);


--
-- Name: registrations registrations_token_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.registrations
    ADD CONSTRAINT registrations_token_hash_key UNIQUE (token_hash);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);


--
-- Name: stripe_events stripe_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.stripe_events
    ADD CONSTRAINT stripe_events_pkey PRIMARY KEY (id);


--
-- Name: subscriptions subscriptions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (user_id);


--
-- Name: subscriptions subscriptions_stripe_customer_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_stripe_customer_id_key UNIQUE (stripe_customer_id);


--
-- Name: subscriptions subscriptions_stripe_subscription_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_stripe_subscription_id_key UNIQUE (stripe_subscription_id);


--
-- Name: users users_email_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: users users_username_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_username_key UNIQUE (username);


--
-- Name: notices_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notices_user ON public.notices USING btree (user_id);


--
-- Name: registrations_email; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX registrations_email ON public.registrations USING btree (email, sent_at DESC);


--
-- Name: sessions_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);


--
-- Name: sessions_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sessions_user ON public.sessions USING btree (user_id);


--
-- Name: stripe_events_unhandled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stripe_events_unhandled ON public.stripe_events USING btree (received_at) WHERE (handled_at IS NULL);


--
-- Name: subscriptions_period_end; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX subscriptions_period_end ON public.subscriptions USING btree (current_period_end) WHERE (status = ANY (ARRAY['trialing'::text, 'active'::text, 'past_due'::text]));


--
-- Name: users_email_prefix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX users_email_prefix ON public.users USING btree (lower((email)::text) text_pattern_ops);


--
-- Name: users_super; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX users_super ON public.users USING btree (id) WHERE (role = 'super_user'::text);


--
-- Name: users_username_prefix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX users_username_prefix ON public.users USING btree (lower((username)::text) text_pattern_ops);


--
-- Name: audit audit_is_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_to_change_audit();


--
-- Name: notices notices_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: sessions sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


--
-- Name: subscriptions subscriptions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- PostgreSQL database dump complete
--

\unrestrict 4NF4tW4nE6CtCwLPSn0cWsKQJDgGk0rLaf1F5gsGQx9LfeFXXNmQeyXON79PesB

