CREATE TABLE `factor_backup_links` (
	`account_id` text NOT NULL,
	`backup_key` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `backup_key`),
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`backup_key`) REFERENCES `factor_backups`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `factor_backup_links_backup` ON `factor_backup_links` (`backup_key`);--> statement-breakpoint
ALTER TABLE `factors` ADD `label` text;