CREATE TABLE "accounts" (
  "name" text not null primary key,
  "revision" bigint not null,
  "body" text not null);

CREATE TABLE "bearers" (
  "token_hash" text not null primary key,
  "client_id" text not null,
  "expires_at" bigint not null,
  "body" text not null);

CREATE INDEX "bearers_of_client" on "bearers" ("client_id");

CREATE TABLE "campaigns" (
  "account" text not null,
  "id" text not null,
  "revision" bigint not null,
  "phase" text not null,
  "next_action_at" bigint,
  "lease_node" text,
  "lease_until" bigint,
  "body" text not null,
  constraint "campaigns_key" primary key ("account", "id"));

CREATE INDEX "campaigns_due" on "campaigns" ("next_action_at", "account", "id") where "next_action_at" is not null;

CREATE TABLE "clients" (
  "client_id" text not null primary key,
  "account" text not null,
  "body" text not null);

CREATE INDEX "clients_of_account" on "clients" ("account", "client_id");

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
  constraint "devices_key" primary key ("account", "bucket", "imei"));

CREATE INDEX "devices_by_imei" on "devices" ("imei");

CREATE UNIQUE INDEX "devices_in_order" on "devices" ("account", "imei");

CREATE INDEX "devices_of_model" on "devices" ("account", "make", "model", "imei");

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

CREATE TABLE "images" (
  "sha256" text not null primary key,
  "body" text not null);

CREATE TABLE "intake" (
  "account" text not null,
  "campaign" text not null,
  "part" integer not null,
  "body" blob not null,
  constraint "intake_key" primary key ("account", "campaign", "part"));

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
  constraint "last_seen_key" primary key ("account", "bucket", "imei"));

CREATE TABLE "nodes" (
  "node" text not null primary key,
  "until" bigint not null);

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

CREATE INDEX "outbox_callbacks" on "outbox" ("account", "campaign", "number") where "number" is not null;

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

CREATE TABLE "sessions" (
  "token_hash" text not null primary key,
  "last_used_at" bigint not null,
  "body" text not null);

CREATE TABLE "slots" (
  "account" text not null,
  "campaign" text not null,
  "node" text not null,
  "revision" bigint not null,
  "free" integer not null,
  "until" bigint not null,
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
  "wave" integer not null,
  "attempts" integer not null,
  "hash" bigint not null,
  "ready_at" bigint,
  "token" text,
  "next_action_at" bigint,
  "claimed_until" bigint,
  "body" text not null,
  constraint "updates_key" primary key ("account", "bucket", "imei", "campaign"));

CREATE INDEX "updates_by_state" on "updates" ("account", "campaign", "state", "imei");

CREATE UNIQUE INDEX "updates_by_token" on "updates" ("token") where "token" is not null;

CREATE INDEX "updates_due" on "updates" ("next_action_at", "account", "campaign", "imei") where "next_action_at" is not null;

CREATE INDEX "updates_in_order" on "updates" ("account", "campaign", "imei");

CREATE INDEX "updates_ready" on "updates" ("account", "campaign", "wave", "attempts", "hash", "imei") where "state" = 'waiting';

CREATE TABLE "users" (
  "username" text not null primary key,
  "account" text not null,
  "body" text not null);
