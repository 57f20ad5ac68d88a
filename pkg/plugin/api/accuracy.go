package api

import "time"

// LiveAccuracy is the answer of GET accuracy: how early warnings turned out, and how trained models do against "same as last season".
type LiveAccuracy struct {
	From   time.Time      `json:"from"`
	To     time.Time      `json:"to"`
	Rules  []RuleAccuracy `json:"rules"` // of early warning, the one with the most warnings first
	Total  Outcomes       `json:"total"`
	Models []ModelTrial   `json:"models"` // trained to forecast or to warn, by name
}

// RuleAccuracy is how the warnings of one alert rule turned out.
type RuleAccuracy struct {
	Rule    string `json:"rule"`
	RuleUID string `json:"ruleUid"`
	Outcomes
}

// Outcomes counts warnings and crossings of thresholds.
type Outcomes struct {
	Raised    int      `json:"raised"`    // but for those that came with the threshold crossed
	Confirmed int      `json:"confirmed"` // it was crossed while they stood, or within 144 h
	Withdrawn int      `json:"withdrawn"` // it was not
	Open      int      `json:"open"`      // that time is not over
	Crossings int      `json:"crossings"`
	Missed    int      `json:"missed"`    // crossings that no warning came before
	LeadHours *float64 `json:"leadHours"` // median from the raising to the crossing; null without a confirmed one
}

// ModelTrial is how the live version of a model does against its seasonal-naive twin, over the newest two days since it was trained.
type ModelTrial struct {
	Model    string          `json:"model"`
	Version  int             `json:"version"`  // 0 = not measured yet
	Measured *time.Time      `json:"measured"` // null = not yet
	Series   int             `json:"series"`   // compared
	Points   int             `json:"points"`   // of all of them
	Ratio    *float64        `json:"ratio"`    // of its error to the twin's, median over the series: below 1 it wins; null = too early to tell
	Demoted  []DemotedSeries `json:"demoted"`  // those that the twin answers for
}

// DemotedSeries is one whose twin answers until it wins again.
type DemotedSeries struct {
	Series string    `json:"series"` // its name
	Ratio  float64   `json:"ratio"`
	Since  time.Time `json:"since"`
}
