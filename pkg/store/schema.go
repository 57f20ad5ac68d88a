package store

import "strings"

// migrations bring a database from one version of the schema to the next; each may be run again after it broke off.
// {id}, {key}, {text}, {blob}, {int}, {float} and {end} are written in the words of the database.
var migrations = [][]string{
	{
		`CREATE TABLE IF NOT EXISTS forewarn_models (
			id {id} NOT NULL PRIMARY KEY, space {key} NOT NULL, name {key} NOT NULL, definition {text} NOT NULL, revision {int} NOT NULL,
			live {int} NOT NULL, latest {int} NOT NULL, created {int} NOT NULL, created_by {key} NOT NULL, updated {int} NOT NULL, updated_by {key} NOT NULL,
			drift {float} NOT NULL, CONSTRAINT forewarn_models_name UNIQUE (space, name)){end}`,
		`CREATE TABLE IF NOT EXISTS forewarn_versions (
			model {id} NOT NULL, number {int} NOT NULL, trained_at {int} NOT NULL, trained_by {key} NOT NULL, data_from {int} NOT NULL, data_to {int} NOT NULL,
			definition {text} NOT NULL, summary {text} NOT NULL, results {blob} NOT NULL, states {blob} NOT NULL, bytes {int} NOT NULL,
			PRIMARY KEY (model, number)){end}`,
		`CREATE TABLE IF NOT EXISTS forewarn_jobs (
			id {id} NOT NULL PRIMARY KEY, space {key} NOT NULL, model {id} NOT NULL, state {id} NOT NULL, attempt {int} NOT NULL, version {int} NOT NULL,
			created {int} NOT NULL, started {int} NOT NULL, finished {int} NOT NULL, not_before {int} NOT NULL, lease_until {int} NOT NULL, owner {key} NOT NULL,
			cancelling {int} NOT NULL, done {int} NOT NULL, total {int} NOT NULL, current {text} NOT NULL, error {text} NOT NULL, requested_by {key} NOT NULL, reason {key} NOT NULL,
			CONSTRAINT forewarn_jobs_due UNIQUE (space, state, created, id), CONSTRAINT forewarn_jobs_model UNIQUE (model, created, id)){end}`,
		`CREATE TABLE IF NOT EXISTS forewarn_labels (
			id {id} NOT NULL PRIMARY KEY, space {key} NOT NULL, model {id} NOT NULL, series {text} NOT NULL, data_from {int} NOT NULL, data_to {int} NOT NULL,
			kind {id} NOT NULL, note {text} NOT NULL, made_by {key} NOT NULL, made_at {int} NOT NULL, CONSTRAINT forewarn_labels_model UNIQUE (space, model, id)){end}`,
		`CREATE TABLE IF NOT EXISTS forewarn_audit (
			space {key} NOT NULL, seq {int} NOT NULL, made_at {int} NOT NULL, who {key} NOT NULL, action {id} NOT NULL, model {key} NOT NULL, version {int} NOT NULL,
			subject {text} NOT NULL, labels {text} NOT NULL, details {text} NOT NULL, note {text} NOT NULL, hash {id} NOT NULL, previous {id} NOT NULL,
			PRIMARY KEY (space, seq), CONSTRAINT forewarn_audit_time UNIQUE (space, made_at, seq)){end}`,
		`CREATE TABLE IF NOT EXISTS forewarn_audit_head (space {key} NOT NULL PRIMARY KEY, seq {int} NOT NULL, hash {id} NOT NULL){end}`,
		`CREATE TABLE IF NOT EXISTS forewarn_warnings (
			space {key} NOT NULL, warning {id} NOT NULL, name {text} NOT NULL, since {int} NOT NULL, seq {int} NOT NULL, PRIMARY KEY (space, warning)){end}`,
	},
	{
		`CREATE TABLE IF NOT EXISTS forewarn_audit_anchor (space {key} NOT NULL PRIMARY KEY, seq {int} NOT NULL, hash {id} NOT NULL){end}`,
	},
	{
		`CREATE TABLE IF NOT EXISTS forewarn_trials (model {id} NOT NULL PRIMARY KEY, details {text} NOT NULL){end}`,
	},
}

const versionTable = `CREATE TABLE IF NOT EXISTS forewarn_schema (version {int} NOT NULL PRIMARY KEY){end}`

// write puts a statement in the words of the database.
func (k Kind) write(statement string) string {
	words := []string{"{id}", "TEXT", "{key}", "TEXT", "{text}", "TEXT", "{blob}", "BLOB", "{int}", "INTEGER", "{float}", "REAL", "{end}", " WITHOUT ROWID"}
	if strings.Contains(statement, "{blob}") {
		words[len(words)-1] = "" // rows with large values stay in a table of their own
	}
	if k == MySQL {
		words = []string{"{id}", "VARCHAR(80)", "{key}", "VARCHAR(190)", "{text}", "LONGTEXT", "{blob}", "LONGBLOB", "{int}", "BIGINT", "{float}", "DOUBLE",
			"{end}", " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"}
	}
	return strings.NewReplacer(words...).Replace(statement)
}
