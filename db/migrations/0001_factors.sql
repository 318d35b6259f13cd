CREATE TABLE `encryption_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`backup_key` text NOT NULL,
	`kind` text NOT NULL,
	`data` text NOT NULL,
	`position` integer NOT NULL,
	`removed_at` integer,
	FOREIGN KEY (`backup_key`) REFERENCES `factor_backups`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `encryption_keys_kind` ON `encryption_keys` (`backup_key`,`kind`) WHERE "encryption_keys"."removed_at" is null;--> statement-breakpoint
CREATE TABLE `factor_backup_versions` (
	`backup_key` text NOT NULL,
	`version` integer NOT NULL,
	`manifest_hash` text NOT NULL,
	PRIMARY KEY(`backup_key`, `version`),
	FOREIGN KEY (`backup_key`) REFERENCES `factor_backups`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `factor_backups` (
	`key` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`manifest_hash` text NOT NULL,
	`blob_id` text,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`blob_id`) REFERENCES `blobs`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `factor_backups_id` ON `factor_backups` (`id`) WHERE "factor_backups"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX `factor_backups_deleted` ON `factor_backups` (`deleted_at`);--> statement-breakpoint
CREATE TABLE `factors` (
	`id` text PRIMARY KEY NOT NULL,
	`backup_key` text NOT NULL,
	`scope` text NOT NULL,
	`kind` text NOT NULL,
	`lookup_key` text NOT NULL,
	`data` text NOT NULL,
	`position` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`removed_at` integer,
	FOREIGN KEY (`backup_key`) REFERENCES `factor_backups`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `factors_lookup` ON `factors` (`scope`,`lookup_key`) WHERE "factors"."removed_at" is null;--> statement-breakpoint
CREATE INDEX `factors_backup` ON `factors` (`backup_key`,`scope`,`position`);--> statement-breakpoint
CREATE INDEX `factors_removed` ON `factors` (`removed_at`);--> statement-breakpoint
CREATE TABLE `sync_factor_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`backup_key` text NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`backup_key`) REFERENCES `factor_backups`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sync_factor_tokens_expiry` ON `sync_factor_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `used_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`used` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `used_tokens_expiry` ON `used_tokens` (`expires_at`);