CREATE TABLE `moved_objects` (
	`id` text PRIMARY KEY NOT NULL,
	`fault` text
);
--> statement-breakpoint
CREATE TABLE `storage_samples` (
	`day` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`objects` integer NOT NULL,
	`live` integer NOT NULL,
	`history` integer NOT NULL,
	`quarantined` integer NOT NULL
);
