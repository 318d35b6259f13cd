CREATE TABLE `operations` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`client` integer NOT NULL,
	`operation_index` integer NOT NULL,
	`md5` blob NOT NULL,
	`sha256` blob NOT NULL,
	`size` integer NOT NULL,
	`line` text,
	`blob_id` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `oplog_users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`client`) REFERENCES `oplog_clients`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `operations_slot` ON `operations` (`client`,`operation_index`);--> statement-breakpoint
CREATE INDEX `operations_log` ON `operations` (`user_id`,`seq`,`client`,`operation_index`);--> statement-breakpoint
CREATE INDEX `operations_large` ON `operations` (`user_id`,`seq`) WHERE "operations"."blob_id" is not null;--> statement-breakpoint
CREATE TABLE `oplog_clients` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`client_id` text NOT NULL,
	`client_key` text NOT NULL,
	`highest` integer NOT NULL,
	`contiguous` integer NOT NULL,
	`in_order` integer NOT NULL,
	`operations` integer NOT NULL,
	`first_seq` integer NOT NULL,
	`last_seq` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `oplog_users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `oplog_clients_user` ON `oplog_clients` (`user_id`,`client_key`);--> statement-breakpoint
CREATE TABLE `oplog_users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_hash` text NOT NULL,
	`account_id` text,
	`name` text,
	`operations` integer DEFAULT 0 NOT NULL,
	`bytes` integer DEFAULT 0 NOT NULL,
	`clients` integer DEFAULT 0 NOT NULL,
	`quota_bytes` integer,
	`quota_operations` integer,
	`frozen_at` integer,
	`proof_required_at` integer,
	`created_at` integer NOT NULL,
	`last_operation_at` integer,
	`deleted_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `oplog_users_hash` ON `oplog_users` (`user_hash`);--> statement-breakpoint
CREATE INDEX `oplog_users_account` ON `oplog_users` (`account_id`);--> statement-breakpoint
CREATE INDEX `oplog_users_deleted` ON `oplog_users` (`deleted_at`) WHERE "oplog_users"."deleted_at" is not null;