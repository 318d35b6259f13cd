CREATE TABLE `guesses` (
	`key` text PRIMARY KEY NOT NULL,
	`subject` text,
	`address` text NOT NULL,
	`rule` text NOT NULL,
	`wrong` integer NOT NULL,
	`since` integer NOT NULL,
	`lifts` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `guesses_subject` ON `guesses` (`subject`);--> statement-breakpoint
CREATE INDEX `guesses_since` ON `guesses` (`since`);--> statement-breakpoint
CREATE TABLE `known_places` (
	`account_id` text NOT NULL,
	`address` text NOT NULL,
	`device` text NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `address`, `device`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `moved_objects` (
	`id` text PRIMARY KEY NOT NULL,
	`fault` text
);
--> statement-breakpoint
CREATE TABLE `notices` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`at` integer NOT NULL,
	`event` text NOT NULL,
	`address` text,
	`details` text,
	`read_at` integer,
	`mailed_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `notices_account` ON `notices` (`account_id`,`at`);--> statement-breakpoint
CREATE INDEX `notices_unmailed` ON `notices` (`at`) WHERE "notices"."mailed_at" is null;--> statement-breakpoint
CREATE TABLE `pairings` (
	`id` text PRIMARY KEY NOT NULL,
	`ticket_hash` text NOT NULL,
	`mac` text NOT NULL,
	`ca_fingerprint` text,
	`tries` integer DEFAULT 0 NOT NULL,
	`made_by` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`made_by`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `pairings_maker` ON `pairings` (`made_by`);--> statement-breakpoint
CREATE TABLE `storage_samples` (
	`day` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`objects` integer NOT NULL,
	`live` integer NOT NULL,
	`history` integer NOT NULL,
	`quarantined` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `accounts` ADD `shut_by_keeper` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `accounts` ADD `nudged_at` integer;--> statement-breakpoint
ALTER TABLE `accounts` ADD `invitation_id` text REFERENCES invitations(id);