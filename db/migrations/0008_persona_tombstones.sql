CREATE TABLE `persona_tombstones` (
	`account_id` text NOT NULL,
	`name_hash` text NOT NULL,
	`version` integer NOT NULL,
	`deleted_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `name_hash`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `persona_tombstones_deleted` ON `persona_tombstones` (`account_id`,`deleted_at`);