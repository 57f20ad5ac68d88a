package contract

import (
	"encoding/json"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/train"
)

func p[T any](v T) *T { return &v }

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

const diskQuery = `{"queryType":"warning","source":{"kind":"prometheus","expr":"100 * (1 - node_filesystem_avail_bytes / node_filesystem_size_bytes)","legendFormat":"{{instance}} {{mountpoint}}"},` +
	`"model":{"algorithm":"auto"},"trainingWindow":"14d","interval":"10m","horizon":"72h","confidence":0.95,"bounds":{"min":0,"max":100},"threshold":{"value":90,"direction":"above"}}`

func definition() api.Definition {
	return api.Definition{
		Name: "disk-root", Description: "How full the disks are", Query: json.RawMessage(diskQuery), AlertBudget: 1, RetrainEvery: "24h", RetrainOnDrift: true,
		EntityLabels: []string{"instance"}, Timezone: "Asia/Shanghai", Holidays: "CN",
		Excluded: []api.Excluded{{From: at("2026-11-02T00:00:00Z"), To: at("2026-11-02T06:00:00Z"), Reason: "migration"}},
		Labels:   map[string]string{"team": "storage"},
	}
}

func changes() []api.Change {
	return []api.Change{{Field: "query.trainingWindow", Before: "7d", After: "14d"}, {Field: "holidays", Before: nil, After: "CN"}}
}

func accuracy() api.Accuracy {
	return api.Accuracy{MASE: p(0.71), TwinMASE: p(0.92), Skill: p(0.23)}
}

func liveAccuracy() api.LiveAccuracy {
	disk := api.Outcomes{Raised: 4, Confirmed: 2, Withdrawn: 1, Open: 1, Crossings: 3, Missed: 1, LeadHours: p(41.5)}
	return api.LiveAccuracy{From: at("2026-10-21T10:00:00Z"), To: at("2026-11-20T10:00:00Z"), Rules: []api.RuleAccuracy{{Rule: "Disk full soon", RuleUID: "forewarn-disk", Outcomes: disk}}, Total: disk,
		Models: []api.ModelTrial{{Model: "disk-root", Version: 3, Measured: p(at("2026-11-20T09:55:00Z")), Series: 12, Points: 3456, Ratio: p(0.71),
			Demoted: []api.DemotedSeries{{Series: "db-2 /var", Ratio: 1.42, Since: at("2026-11-20T04:00:00Z")}}}, {Model: "new", Demoted: []api.DemotedSeries{}}}}
}

func job() api.Job {
	return api.Job{ID: "01K9ZX3V6Q", Model: "disk-root", State: api.JobRunning, Attempt: 1, Created: at("2026-11-20T10:00:00Z"), Started: p(at("2026-11-20T10:00:01Z")),
		Progress: api.Progress{Done: 7, Total: 12, Current: "db-2 /var"}, By: "anna", Reason: "user"}
}

func failedJob() api.Job {
	return api.Job{ID: "01K9ZX3V6R", Model: "disk-root", State: api.JobFailed, Attempt: 3, Created: at("2026-11-20T11:00:00Z"), Started: p(at("2026-11-20T11:04:01Z")),
		Finished: p(at("2026-11-20T11:04:31Z")), Error: "the source cannot be reached: connection refused", By: "schedule", Reason: "schedule"}
}

func model() api.Model {
	return api.Model{Definition: definition(), Live: 3, Latest: 3, Created: at("2026-11-01T08:00:00Z"), CreatedBy: "anna", Updated: at("2026-11-19T09:30:00Z"), UpdatedBy: "ben",
		TrainedAt: p(at("2026-11-20T10:00:20Z")), NextTraining: p(at("2026-11-21T10:00:20Z")), Series: 12, Points: 48384, Bytes: 61440, Error: accuracy(), Coverage: p(0.946),
		Drift: p(0.1), State: api.StateTraining, Job: p(job()), Pending: changes()}
}

func emptyModel() api.Model {
	d := definition()
	d.Name, d.AlertBudget, d.RetrainEvery, d.RetrainOnDrift, d.Excluded, d.EntityLabels, d.Labels, d.Provisioned = "cpu", 0, "", false, []api.Excluded{}, []string{}, map[string]string{}, true
	return api.Model{Definition: d, Created: at("2026-11-20T08:00:00Z"), CreatedBy: "provisioning", Updated: at("2026-11-20T08:00:00Z"), UpdatedBy: "provisioning",
		State: api.StateEmpty, Pending: []api.Change{}}
}

func version() api.Version {
	return api.Version{Number: 3, TrainedAt: at("2026-11-20T10:00:20Z"), TrainedBy: "anna", From: at("2026-11-06T10:00:00Z"), To: at("2026-11-20T10:00:00Z"), Points: 48384, Series: 12,
		Bytes: 61440, Error: accuracy(), Coverage: p(0.946), Changes: changes(), Live: true}
}

func results() []api.SeriesResult {
	return []api.SeriesResult{
		{Name: "db-2 /var", Labels: map[string]string{"instance": "db-2", "mountpoint": "/var"}, Algorithm: "combination", Reason: "closest on 6 held-out stretches", MASE: p(0.71), TwinMASE: p(0.92),
			Skill: p(0.23), Coverage: p(0.946), Seasons: []string{"24h", "168h"}, Points: 4032, Gaps: 3, Notices: []string{}},
		{Name: "db-9 /", Labels: map[string]string{"instance": "db-9", "mountpoint": "/"}, Reason: "too few points: the series has 2 known values, a forecast needs at least 3", Seasons: []string{}, Points: 2,
			Gaps: 4030, Notices: []string{"too few points"}},
	}
}

func label() api.Label {
	return api.Label{ID: "01K9ZY11AB", NewLabel: newLabel(), By: "anna", At: at("2026-11-20T12:00:00Z")}
}

func newLabel() api.NewLabel {
	return api.NewLabel{Model: "disk-root", Series: map[string]string{"instance": "db-2", "mountpoint": "/var"}, From: at("2026-11-18T02:00:00Z"), To: at("2026-11-18T03:30:00Z"),
		Kind: api.KindNotAnomaly, Note: "nightly dump"}
}

func entry() api.Entry {
	return api.Entry{Seq: 42, Time: at("2026-11-20T10:00:20Z"), Who: "anna", Action: "version.promote", Model: "disk-root", Version: 3, Labels: map[string]string{},
		Values: map[string]any{"from": 2.0}, Note: "", Hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		Previous: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"}
}

func warningEntry() api.Entry {
	return api.Entry{Seq: 41, Time: at("2026-11-20T09:50:00Z"), Who: "alerting", Action: "warning.raised", Model: "disk-root", Version: 2, Subject: "db-2 /var",
		Labels: map[string]string{"instance": "db-2", "mountpoint": "/var"}, Values: map[string]any{"eta_early": 6.0, "rule": "Disk runs out", "note_zh": "db-2 的 /var 约 9 小时后写满（最早 6 小时）", "why": "db-2 was 87 at 2026-11-20 09:50.", "why_zh": "db-2 为 87（2026-11-20 09:50）。"}, Note: "/var of db-2 is full in 9 h (earliest 6 h)",
		Hash: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", Previous: "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13"}
}

func store() api.Store {
	return api.Store{Kind: "sqlite", OK: true, Path: "/var/lib/grafana/forewarn.db"}
}

func replay() api.Replay {
	return api.Replay{From: at("2026-10-21T10:00:00Z"), To: at("2026-11-20T10:00:00Z"), PerWeek: 0.7, ScoreThreshold: 1.2,
		Alerts: []api.ReplayAlert{{Series: "db-2 /var", Labels: map[string]string{"instance": "db-2", "mountpoint": "/var"}, From: at("2026-11-18T02:10:00Z"), To: at("2026-11-18T03:20:00Z"),
			Minutes: 70, Peak: 3.4, Actual: p(91.2), Expected: p(62.0), Reason: "47 % above what is usual at this hour"}},
		Curve:   []api.CurvePoint{{ScoreThreshold: 1, PerWeek: 1.4}, {ScoreThreshold: 1.2, PerWeek: 0.7}, {ScoreThreshold: 3.5, PerWeek: 0}},
		Notices: []string{}}
}

// samples has one value for every body of the API, by the name of its file.
func samples() map[string]any {
	return map[string]any{
		"algorithms":    algorithms(),
		"audit":         api.Audit{Entries: []api.Entry{entry(), warningEntry()}, More: true},
		"audit-verify":  api.Verified{OK: false, Entries: 42, FirstBroken: 17, Message: "line 17 does not match its hash"},
		"channel-test":  api.ChannelTest{OK: true, Status: 200, Answer: `{"errcode":0,"errmsg":"ok"}`, Milliseconds: 212},
		"channels":      api.Channels{Channels: []api.Channel{{Name: "ops", Kind: "dingtalk", Host: "oapi.dingtalk.com", Enabled: true, LastStatus: "ok", LastAt: p(at("2026-11-20T09:50:02Z"))}, {Name: "sms", Kind: "webhook", Host: "sms.example.org"}}},
		"error":         api.Problem{Error: `invalid query: field "interval" is 1ms, needed is at least 1s`, Field: "query.interval"},
		"export":        api.Export{Format: api.ExportFormat, Definition: definition(), Live: 3, Versions: []api.ExportVersion{{Version: version(), Definition: definition(), Results: results(), Summary: json.RawMessage(`{"series":12}`), States: "KLUv/QQAAQAA"}}, Checksum: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"},
		"filter-choice": api.FilterChoice{Values: []string{"aliyun", "azure", "tencent"}},
		"filter-request": api.FilterRequest{Key: "cloud", Filters: []source.Filter{{Key: "job", Operator: "=", Value: "node"}, {Key: "instance", Operator: "=|", Value: "db-1", Values: []string{"db-1", "db-2"}}},
			From: at("2026-11-20T04:00:00Z"), To: at("2026-11-20T10:00:00Z")},
		"job":             job(),
		"job-draft":       api.TrainDraft{Definition: definition()},
		"jobs":            api.Jobs{Jobs: []api.Job{job(), failedJob()}},
		"label":           label(),
		"label-create":    newLabel(),
		"labels":          api.Labels{Labels: []api.Label{label()}},
		"model":           model(),
		"model-change":    api.ChangeModel{Definition: definition()},
		"model-create":    api.CreateModel{Definition: definition(), Train: true},
		"model-created":   api.CreatedModel{Model: model(), Job: p(job())},
		"model-pause":     api.Pause{Paused: new(true)},
		"model-promote":   api.Promote{Version: 2},
		"models":          api.Models{Models: []api.Model{model(), emptyModel()}, Store: store(), Problems: []string{"models[2] \"cpu\": field \"alertBudget\" is -1, needed is 0 to 10000 alerts a week"}},
		"accuracy":        liveAccuracy(),
		"precision":       api.PrecisionAnswer{Precision: []api.Precision{{Model: "disk-root", Algorithm: "seasonal-residual", Incidents: 3, NotAnomalies: 1, Precision: p(0.75)}}},
		"preview":         preview(),
		"preview-request": api.PreviewRequest{Query: json.RawMessage(diskQuery)},
		"replay":          replay(),
		"replay-request":  api.ReplayRequest{Definition: p(definition()), Days: 30, AlertsPerWeek: p(1.0)},
		"status": api.Status{Version: "1.2.3", Prometheus: api.Side{Configured: true, OK: true, Message: "Prometheus 3.4.1"}, MySQL: api.Side{Message: "not configured"}, Store: store(),
			Cache: api.Cache{Fits: 12, FitBytes: 1 << 20, Reads: 1, ReadBytes: 400000}},
		"overview": api.Overview{Models: api.Fleet{Total: 4, Answering: 3, Drifted: 1, States: map[string]int{"ready": 2, "training": 0, "failed": 0, "stale": 1, "paused": 0, "empty": 1},
			OldestTraining: p(at("2026-11-14T02:00:00Z")), NextTraining: p(at("2026-11-21T02:00:00Z"))}, Warnings: []api.Entry{warningEntry()}, Open: 1, Raised24h: 2, Store: api.Store{Kind: "sqlite", OK: true, Path: "/var/lib/grafana/forewarn.db"},
			Problems: []string{}},
		"status-memory": api.Status{Version: "1.2.3", Prometheus: api.Side{Configured: true, Message: "connection refused"}, MySQL: api.Side{Message: "not configured"},
			Store: api.Store{Kind: "memory", Message: "Models are lost when Grafana restarts: set storePath in the data source's settings, or store_path in Grafana's [plugin.forewarn-earlywarning-datasource]"}},
		"version":          api.VersionDetail{Version: version(), Definition: definition(), Results: results()},
		"versions":         api.Versions{Versions: []api.Version{version()}},
		"warning":          api.Warning{State: "raised", Key: "disk|db-2 /var", Rule: "Disk runs out", Model: "disk-root", Version: 2, Subject: "db-2 /var", Labels: map[string]string{"instance": "db-2"}, Values: map[string]any{"eta_early": 6.0}, Note: "/var of db-2 is full in 9 h", At: p(at("2026-11-20T09:50:00Z"))},
		"warning-recorded": api.Recorded{Recorded: true, Seq: 41},
	}
}

func preview() api.Preview {
	return api.Preview{
		Series: []api.PreviewSeries{{Name: "db-2 /var", Labels: map[string]string{"instance": "db-2", "mountpoint": "/var"}, Points: 4029, Missing: 3, From: p(at("2026-11-06T10:00:00Z")), To: p(at("2026-11-20T09:55:00Z"))},
			{Name: "db-9 /", Labels: map[string]string{"instance": "db-9", "mountpoint": "/"}, Missing: 4032}},
		Cost:      api.Cost{Series: 2, Points: 8064, SourceSeconds: 0.2, FitSeconds: 0.4},
		Readiness: api.Readiness{Level: train.ReadyWeekly, Message: "14 days: days and weeks are learnt"},
		Notices:   []string{"1 series has no data"},
	}
}

func algorithms() api.Algorithms {
	params := []param.Spec{
		{Name: "window", Kind: param.Duration, Default: "24h", Help: "How far back mean and standard deviation look."},
		{Name: "k", Kind: param.Number, Default: 0.0, Min: param.Bound(0), Max: param.Bound(20), Unit: "standard deviations", Help: "Half-width of the band."},
		{Name: "sensitivity", Kind: param.Choice, Default: "medium", Choices: []string{"high", "medium", "low"}, Help: "How wide the band is."},
		{Name: "drift", Kind: param.Boolean, Default: false, Help: "Carry the mean change on."},
		{Name: "cycles", Kind: param.Integer, Default: 0, Help: "Newest cycles to learn from; 0 learns from all."},
	}
	return api.Algorithms{
		Forecast: []forecast.Algorithm{{ID: "seasonal-naive", Title: "Seasonal naive", Summary: "The last cycle again.", Reference: "Hyndman, Athanasopoulos", MinPoints: 1, Params: params[3:]}},
		Anomaly:  []detect.Algorithm{{ID: "dynamic-threshold", Title: "Dynamic threshold", Summary: "Outside the moving mean.", Reference: "Shewhart (1931)", MinPoints: 12, Params: params[:3]}},
		Outlier:  []group.Algorithm{{ID: "mad", Title: "Median absolute deviation", Summary: "Far from the group.", Reference: "Hampel (1974)", MinPoints: 30, Params: params[2:3]}},
	}
}
