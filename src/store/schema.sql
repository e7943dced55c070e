CREATE TABLE "account_lists" (
  "account" text not null,
  "kind" text not null,
  "revision" bigint not null,
  "body" text not null,
  constraint "account_lists_key" primary key ("account", "kind"));

CREATE TABLE "accounts" (
  "name" text not null primary key,
  "revision" bigint not null,
  "body" text not null);

CREATE TABLE "audit" (
  "id" integer not null primary key autoincrement,
  "account" text,
  "body" text not null);

CREATE INDEX "audit_of_account" on "audit" ("account", "id");

CREATE TABLE "bearers" (
  "token_hash" text not null primary key,
  "client_id" text not null,
  "expires_at" bigint not null,
  "body" text not null);

CREATE INDEX "bearers_of_client" on "bearers" ("client_id");

CREATE TABLE "budgets" (
  "account" text not null,
  "scope" text not null,
  "revision" bigint not null,
  "level" bigint not null,
  "at" bigint not null,
  constraint "budgets_key" primary key ("account", "scope"));

CREATE TABLE "callback_lines" (
  "account" text not null,
  "campaign" text not null,
  "generation" text not null,
  "next" bigint not null,
  "last" bigint not null,
  "due_at" bigint,
  "tries" integer not null,
  "since" bigint,
  "claims" integer not null,
  "claimed_by" text,
  "claimed_until" bigint,
  constraint "callback_lines_key" primary key ("account", "generation", "campaign"));

CREATE INDEX "callback_lines_claimed" on "callback_lines" ("account", "generation", "claimed_until") where "claimed_until" is not null;

CREATE INDEX "callback_lines_due" on "callback_lines" ("due_at", "account", "generation", "campaign") where "due_at" is not null;

CREATE TABLE "callbacks" (
  "account" text not null,
  "campaign" text not null,
  "number" bigint not null,
  "at" bigint not null,
  "body" text not null,
  constraint "callbacks_key" primary key ("account", "campaign", "number"));

CREATE INDEX "callbacks_by_age" on "callbacks" ("at");

CREATE TABLE "campaigns" (
  "account" text not null,
  "id" text not null,
  "revision" bigint not null,
  "phase" text not null,
  "next_action_at" bigint,
  "lease_node" text,
  "lease_until" bigint,
  "body" text not null,
  "generation" text,
  "adding" integer default 0 not null,
  constraint "campaigns_key" primary key ("account", "id"));

CREATE INDEX "campaigns_adding" on "campaigns" ("account", "id") where "adding" = 1;

CREATE INDEX "campaigns_due" on "campaigns" ("next_action_at", "account", "id") where "next_action_at" is not null;

CREATE TABLE "check_ins" (
  "id" integer not null primary key autoincrement,
  "account" text not null,
  "bucket" integer not null,
  "imei" text not null,
  "body" text not null);

CREATE INDEX "check_ins_of_device" on "check_ins" ("account", "bucket", "imei", "id");

CREATE TABLE "clients" (
  "client_id" text not null primary key,
  "account" text not null,
  "body" text not null);

CREATE INDEX "clients_of_account" on "clients" ("account", "client_id");

CREATE TABLE "deliveries" (
  "id" integer not null primary key autoincrement,
  "account" text not null,
  "campaign" text not null,
  "generation" text not null,
  "number" bigint not null,
  "at" bigint not null,
  "outcome" text not null,
  "body" text not null);

CREATE INDEX "deliveries_by_age" on "deliveries" ("at");

CREATE INDEX "deliveries_dead" on "deliveries" ("account", "id") where "outcome" = 'dead';

CREATE INDEX "deliveries_in_order" on "deliveries" ("account", "id");

CREATE INDEX "deliveries_of_callback" on "deliveries" ("account", "campaign", "generation", "number");

CREATE TABLE "device_logs" (
  "id" integer not null primary key autoincrement,
  "account" text not null,
  "bucket" integer not null,
  "imei" text not null,
  "body" text not null);

CREATE INDEX "device_logs_of_device" on "device_logs" ("account", "bucket", "imei", "id");

CREATE TABLE "device_marks" (
  "account" text not null,
  "mark" text not null,
  "imei" text not null,
  constraint "device_marks_key" primary key ("account", "mark", "imei")) without rowid;

CREATE TABLE "device_secrets" (
  "account" text not null,
  "bucket" integer not null,
  "imei" text not null,
  "body" text not null,
  constraint "device_secrets_key" primary key ("account", "bucket", "imei"));

CREATE TABLE "devices" (
  "account" text not null,
  "bucket" integer not null,
  "imei" text not null,
  "revision" bigint not null,
  "make" text,
  "model" text,
  "transport" text not null,
  "awake" integer not null,
  "node" text,
  "endpoint" text,
  "live_campaign" text,
  "body" text not null,
  "registered_until" bigint,
  "marks" text default '[]' not null,
  constraint "devices_key" primary key ("account", "bucket", "imei"));

CREATE INDEX "devices_by_imei" on "devices" ("imei");

CREATE UNIQUE INDEX "devices_in_order" on "devices" ("account", "imei");

CREATE INDEX "devices_of_model" on "devices" ("account", "make", "model", "imei");

CREATE INDEX "devices_of_transport" on "devices" ("account", "transport", "imei");

CREATE INDEX "devices_registered" on "devices" ("registered_until", "account", "imei") where registered_until is not null;

CREATE TABLE "directory" (
  "kind" text not null,
  "name" text not null,
  "account" text not null,
  "imei" text not null,
  constraint "directory_key" primary key ("kind", "name"));

CREATE INDEX "directory_of_device" on "directory" ("account", "imei", "kind");

CREATE TABLE "entries" (
  "id" integer not null primary key autoincrement,
  "account" text not null,
  "campaign" text not null,
  "imei" text,
  "body" text,
  "sequence" bigint,
  "text" text,
  "hash" text);

CREATE UNIQUE INDEX "entries_sealed" on "entries" ("account", "campaign", "sequence") where "sequence" is not null;

CREATE INDEX "entries_unsealed" on "entries" ("account", "campaign", "id") where "sequence" is null;

CREATE TABLE "event_listeners" (
  "name" text not null primary key,
  "body" text not null);

CREATE TABLE "gathered" (
  "account" text not null,
  "campaign" text not null,
  "body" text not null,
  constraint "gathered_key" primary key ("account", "campaign"));

CREATE TABLE "images" (
  "sha256" text not null primary key,
  "body" text not null);

CREATE TABLE "intake" (
  "account" text not null,
  "campaign" text not null,
  "part" integer not null,
  "body" blob not null,
  constraint "intake_key" primary key ("account", "campaign", "part"));

CREATE TABLE "joiners" (
  "account" text not null,
  "campaign" text not null,
  "imei" text not null,
  constraint "joiners_key" primary key ("account", "campaign", "imei"));

CREATE TABLE "kysely_migration" (
  "name" varchar(255) not null primary key,
  "timestamp" varchar(255) not null);

CREATE TABLE "kysely_migration_lock" (
  "id" varchar(255) not null primary key,
  "is_locked" integer default 0 not null);

CREATE TABLE "last_seen" (
  "account" text not null,
  "bucket" integer not null,
  "imei" text not null,
  "at" bigint not null,
  "day" integer default 0 not null,
  constraint "last_seen_key" primary key ("account", "bucket", "imei"));

CREATE INDEX "last_seen_silent" on "last_seen" ("account", "day", "imei");

CREATE TABLE "ledger_keys" (
  "key_id" text not null primary key,
  "since" bigint not null,
  "body" text not null);

CREATE TABLE "licence_pools" (
  "account" text not null primary key,
  "revision" bigint not null,
  "body" text not null);

CREATE TABLE "licences" (
  "account" text not null,
  "bucket" integer not null,
  "imei" text not null,
  "assigned_at" bigint not null,
  constraint "licences_key" primary key ("account", "bucket", "imei"));

CREATE INDEX "licences_in_order" on "licences" ("account", "imei");

CREATE TABLE "listeners" (
  "account" text not null,
  "generation" text not null,
  "failing_since" bigint,
  "body" text not null,
  constraint "listeners_key" primary key ("account", "generation"));

CREATE TABLE "nodes" (
  "node" text not null primary key,
  "until" bigint not null);

CREATE TABLE "operator_events" (
  "id" integer not null primary key autoincrement,
  "kind" text not null,
  "cause" text not null,
  "revision" bigint not null,
  "open" integer not null,
  "cleared_at" bigint,
  "due_at" bigint,
  "body" text not null);

CREATE INDEX "operator_events_by_age" on "operator_events" ("cleared_at") where cleared_at is not null;

CREATE INDEX "operator_events_due" on "operator_events" ("due_at", "id") where due_at is not null;

CREATE INDEX "operator_events_of_kind" on "operator_events" ("kind", "id");

CREATE UNIQUE INDEX "operator_events_open" on "operator_events" ("cause") where open = 1;

CREATE TABLE "operator_sessions" (
  "token_hash" text not null primary key,
  "operator" text not null,
  "last_used_at" bigint not null,
  "body" text not null);

CREATE TABLE "operators" (
  "name" text not null primary key,
  "key_hash" text not null,
  "revision" bigint not null,
  "body" text not null);

CREATE UNIQUE INDEX "operators_by_key" on "operators" ("key_hash");

CREATE TABLE "outbox" (
  "id" integer not null primary key autoincrement,
  "kind" text not null,
  "account" text not null,
  "campaign" text,
  "imei" text,
  "number" bigint,
  "body" text not null,
  "claims" integer not null,
  "claimed_by" text,
  "claimed_until" bigint);

CREATE INDEX "outbox_claimed" on "outbox" ("claimed_by", "id") where "claimed_until" is not null;

CREATE TABLE "packages" (
  "account" text not null,
  "name" text not null,
  "kind" text not null,
  "body" text not null,
  constraint "packages_key" primary key ("account", "name"));

CREATE TABLE "repeats" (
  "account" text not null,
  "key" text not null,
  "campaign" text not null,
  "until" bigint not null,
  constraint "repeats_key" primary key ("account", "key"));

CREATE TABLE "score_books" (
  "account" text not null,
  "campaign" text not null,
  "body" text not null,
  constraint "score_books_key" primary key ("account", "campaign"));

CREATE TABLE "sessions" (
  "token_hash" text not null primary key,
  "last_used_at" bigint not null,
  "body" text not null);

CREATE TABLE "sign_in_links" (
  "token_hash" text not null primary key,
  "operator" text not null,
  "expires_at" bigint not null,
  "body" text not null);

CREATE TABLE "sign_ins" (
  "operator" text not null primary key,
  "at" bigint not null);

CREATE TABLE "slots" (
  "account" text not null,
  "campaign" text not null,
  "node" text not null,
  "revision" bigint not null,
  "free" integer not null,
  "until" bigint not null,
  "arrivals" integer default 0 not null,
  constraint "slots_key" primary key ("account", "campaign", "node"));

CREATE TABLE sqlite_sequence(
  name,seq);

CREATE TABLE "updates" (
  "account" text not null,
  "bucket" integer not null,
  "imei" text not null,
  "campaign" text not null,
  "revision" bigint not null,
  "state" text not null,
  "stratum" integer not null,
  "attempts" integer not null,
  "hash" bigint not null,
  "ready_at" bigint,
  "token" text,
  "next_action_at" bigint,
  "claimed_until" bigint,
  "body" text not null,
  "awake" integer default 0 not null,
  constraint "updates_key" primary key ("account", "bucket", "imei", "campaign"));

CREATE INDEX "updates_by_state" on "updates" ("account", "campaign", "state", "imei");

CREATE UNIQUE INDEX "updates_by_token" on "updates" ("token") where "token" is not null;

CREATE INDEX "updates_due" on "updates" ("next_action_at", "account", "campaign", "imei") where "next_action_at" is not null;

CREATE INDEX "updates_in_order" on "updates" ("account", "campaign", "imei");

CREATE INDEX "updates_ready" on "updates" ("account", "campaign", "stratum", "attempts", "hash", "imei") where state = 'waiting' and awake = 1;

CREATE TABLE "users" (
  "username" text not null primary key,
  "account" text not null,
  "body" text not null);
