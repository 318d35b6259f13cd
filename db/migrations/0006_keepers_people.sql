ALTER TABLE `accounts` ADD `shut_by_keeper` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `accounts` ADD `nudged_at` integer;--> statement-breakpoint
ALTER TABLE `accounts` ADD `invitation_id` text REFERENCES invitations(id);