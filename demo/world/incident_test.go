package world

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mean of a function of minutes over a stretch that is given in hours from the anchor.
func mean(w *World, from, to float64, f func(m int64) float64) float64 {
	sum, n := 0.0, 0
	for m := minuteOf(w.Anchor()) + int64(60*from); m < minuteOf(w.Anchor())+int64(60*to); m++ {
		sum += f(m)
		n++
	}
	return sum / float64(n)
}

func host(t *testing.T, instance string) *Host {
	for i := range Hosts {
		if Hosts[i].Instance == instance {
			return &Hosts[i]
		}
	}
	require.Fail(t, "no host", instance)
	return nil
}

func each(t *testing.T, check func(t *testing.T, w *World)) {
	for _, anchor := range anchors {
		t.Run(anchor.Format("Mon 15:04"), func(t *testing.T) { check(t, New(anchor, 1)) })
	}
}

func TestHotHosts(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		now := host(t, "tencent-bj-02:9100")
		cpu := func(m int64) float64 { return w.CPU(now, m) }
		require.Greater(t, mean(w, -1.5, 0, cpu), 88.0, "runs hot now")
		require.Less(t, mean(w, -5, -2.1, cpu), 70.0, "and did not before")
		past := host(t, "aliyun-hz-02:9100")
		cpu = func(m int64) float64 { return w.CPU(past, m) }
		require.Greater(t, mean(w, -72+0.3, -72+1.4, cpu), 85.0, "three days ago")
		require.Less(t, mean(w, -72-3, -72, cpu), 70.0)
		require.Less(t, mean(w, -24, 0, cpu), 70.0)
	})
}

func TestTheBusyHostIsBusyEachDayAndHasNoTrend(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		h := host(t, "azure-ea-01:9100")
		for day := -28.0; day < 0; day++ {
			top := 0.0
			for hour := 24 * day; hour < 24*day+24; hour += 1. / 12 {
				top = max(top, mean(w, hour, hour+1./12, func(m int64) float64 { return w.CPU(h, m) }))
			}
			require.InDelta(t, 87, top, 7, "peak of day %g", day)
		}
		cpu := func(m int64) float64 { return w.CPU(h, m) }
		require.InDelta(t, mean(w, -28*24, -21*24, cpu), mean(w, -7*24, 0, cpu), 2)
	})
}

func TestOnlyTheBusyHostCrossesEightyOnOrdinaryDays(t *testing.T) {
	w := New(anchors[0], 1)
	for i := range Hosts {
		h := &Hosts[i]
		if h.Instance == "azure-ea-01:9100" {
			continue
		}
		for m := minuteOf(w.Start()); m < minuteOf(w.Anchor()); m++ {
			if w.strength(HotCPU, h.Instance, m, 10) == 0 {
				require.Less(t, w.CPU(h, m), 75.0, h.Instance)
			}
		}
	}
}

func TestOneDiskFillsAndTheOthersDoNot(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		h := host(t, fillingHost)
		now := mean(w, -0.5, 0, func(m int64) float64 { return w.Data(h, m) })
		require.True(t, now > 84 && now < 89, "used now: %g", now)
		first := 0.0
		for hour := 0.0; hour < 72 && first == 0; hour += 0.1 {
			if w.Data(h, minuteOf(w.Anchor())+int64(60*hour)) >= 90 {
				first = hour
			}
		}
		require.InDelta(t, 40, first, 4, "crosses 90 % then")
		require.Less(t, w.Data(h, minuteOf(w.Start())), 40.0)
		// Daily steps: the hour of the nightly load has several times the growth of any quiet one.
		load := minuteOf(lastHour(w.Anchor(), 2))
		used := func(m minute) float64 { return w.fill.at(m) }
		require.Greater(t, used(load+60)-used(load), 8*(used(load+180)-used(load+120)))
		for i := range Hosts {
			if other := &Hosts[i]; other.Instance != fillingHost {
				for hour := -28. * 24; hour < 96; hour++ {
					require.Less(t, w.Data(other, minuteOf(w.Anchor())+int64(60*hour)), 80.0, other.Instance)
				}
			}
		}
		for hour := 0.0; hour < 40*24; hour += 6 {
			require.Less(t, w.Data(h, minuteOf(w.Anchor())+int64(60*hour)), 98.0, "cleaned up when it is nearly full")
		}
	})
}

func TestTheTrainerLeaks(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		used := func(m int64) float64 { return trainerMemory(w, m) }
		require.InDelta(t, 26, mean(w, -24, 0, used)-mean(w, -11*24, -10*24, used), 1.5, "2.6 % each day")
		require.InDelta(t, 90, mean(w, 29, 31, used), 1.2)
		require.Less(t, mean(w, -17.9*24, -17.8*24, used), 45.0, "deployed eighteen days ago")
	})
}

func TestMemoryAndLogTellOfTheSameKill(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		killed := w.Anchor().Add(-46*time.Hour + 35*time.Minute)
		require.Greater(t, ingestMemory(w, minuteOf(killed)), 98.0)
		require.Less(t, ingestMemory(w, minuteOf(killed)+3), 40.0, "afterwards it is empty")
		require.Less(t, mean(w, -60, -47, func(m int64) float64 { return ingestMemory(w, m) }), 65.0)
		lines := func(from, to time.Time) (n int) {
			for when := from; when.Before(to); when = when.Add(time.Minute) {
				for _, l := range w.Logs(when) {
					if l.Container == "ingest" && strings.Contains(l.Message, OutOfMemory) {
						n++
					}
				}
			}
			return n
		}
		require.Greater(t, lines(killed.Add(-10*time.Minute), killed.Add(15*time.Minute)), 60)
		require.Less(t, lines(killed.Add(time.Hour), w.Anchor()), 3)
	})
}

// rates runs through the gateway's minutes and gives the share of 500 and the requests of a route, per minute from the anchor.
func rates(w *World, name string, from, to float64) (errors, requests float64) {
	out := make([]float64, 32)
	var bad, all float64
	for m := minuteOf(w.Anchor()) + int64(60*from); m < minuteOf(w.Anchor())+int64(60*to); m++ {
		for _, gw := range gateways {
			w.gateway(gw, name, m, out)
			bad, all = bad+out[3], all+out[0]+out[1]+out[2]+out[3]
		}
	}
	return bad / all, all / (60 * (to - from))
}

func TestGatewayIncidents(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		burst, _ := rates(w, "/v1/generate", -26+0.1, -26+0.55)
		require.Greater(t, burst, 0.1, "yesterday's errors")
		usual, _ := rates(w, "/v1/generate", -24, 0)
		require.Less(t, usual, 0.005)
		other, _ := rates(w, "/v1/chat/completions", -26+0.1, -26+0.55)
		require.Less(t, other, 0.01, "the other route is well")
		_, surge := rates(w, "/v1/chat/completions", -5*24+0.25, -5*24+1.25)
		_, before := rates(w, "/v1/chat/completions", -12*24+0.25, -12*24+1.25)
		require.Greater(t, surge, 1.6*before, "twice the traffic of the week before")
	})
}

// A crawler takes a third of the requests, and the number of requests stays what it was.
func TestTheSourcesShift(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		share := func(from, to float64) (crawler, all float64) {
			out := make([]float64, len(Sources))
			for m := minuteOf(w.Anchor()) + int64(60*from); m < minuteOf(w.Anchor())+int64(60*to); m++ {
				for _, gw := range gateways {
					w.origins(gw, m, out)
					crawler += out[3]
					all += out[0] + out[1] + out[2] + out[3]
				}
			}
			return crawler / all, all
		}
		now, requests := share(-0.6, 0)
		require.InDelta(t, 0.4, now, 0.05)
		_, one := rates(w, Routes[0], -0.6, 0)
		_, two := rates(w, Routes[1], -0.6, 0)
		require.InDelta(t, 1, requests/(36*(one+two)), 0.02, "as many as the routes answered")
		usual, _ := share(-25, -24)
		require.Less(t, usual, 0.15)
	})
}

func TestShopAndContainerIncidents(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		outage := lastHour(w.Anchor().Add(-2*time.Hour), 20)
		orders := func(region int, at time.Time, minutes int) (n int) {
			for i := range minutes {
				n += w.Orders(at.Add(time.Duration(i) * time.Minute))[region].Orders
			}
			return n
		}
		down, before := orders(1, outage.Add(5*time.Minute), 30), orders(1, outage.Add(-40*time.Minute), 30)
		require.Less(t, float64(down), 0.25*float64(before), "the west could not order")
		require.Less(t, w.Anchor().Sub(outage), 27*time.Hour)

		cores := func(m int64) float64 { return apiCores(w, m) }
		require.Greater(t, mean(w, -0.6, 0, cores), mean(w, -1.5, -0.9, cores)+0.3, "the api computes more now")
		timeouts := 0
		for i := range 40 {
			for _, l := range w.Logs(w.Anchor().Add(-time.Duration(i+1) * time.Minute)) {
				if l.Container == "api" && strings.Contains(l.Message, Timeout) {
					timeouts++
				}
			}
		}
		require.Greater(t, timeouts, 50, "and times out")
	})
}

func TestIncidentsAreListedAndGoOn(t *testing.T) {
	w := New(anchors[0], 1)
	past, future := 0, 0
	for _, n := range w.Incidents() {
		require.True(t, n.From.Before(n.To) && n.Of != "" && n.Text != "", n.Text)
		if n.From.Before(w.Anchor()) {
			past++
			require.False(t, n.From.Before(w.Start()))
		} else {
			future++
		}
	}
	require.Greater(t, past, 10)
	require.Greater(t, future, 50)
}

// measured gives one of the numbers that mysqld_exporter would have of a database, of the minute m.
func measured(t *testing.T, w *World, instance string, which int) func(m int64) float64 {
	at := slices.IndexFunc(databases, func(db database) bool { return db.instance == instance })
	require.GreaterOrEqual(t, at, 0, "no database %s", instance)
	out := make([]float64, len(databaseMetrics))
	return func(m int64) float64 {
		w.database(&databases[at], m, out)
		return out[which]
	}
}

func TestOneDatabaseRunsOutOfConnectionsUntilItsServiceIsDeployedAnew(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		used := func(instance string) func(from, to float64) float64 {
			connected, most := measured(t, w, instance, 2), measured(t, w, instance, 4)
			return func(from, to float64) float64 {
				return mean(w, from, to, func(m int64) float64 { return 100 * connected(m) / most(m) })
			}
		}
		leaking := used("db-2:9104")
		require.Less(t, leaking(-15*24, -10*24), 30.0, "before the leak")
		require.InDelta(t, 5.5, (leaking(-24, 0)-leaking(-6*24, -5*24))/5, 0.8, "percent that a day adds")
		require.InDelta(t, 90, leaking(24, 36), 4, "crosses about 30 h from now")
		require.Less(t, leaking(70, 94), 30.0, "and is well after its service was deployed anew")
		for _, other := range []string{"db-1:9104", "db-3:9104"} {
			well := used(other)
			require.InDelta(t, well(-14*24, -7*24), well(-7*24, 0), 3, "%s goes nowhere", other)
			require.Less(t, well(-24, 0), 60.0, other)
		}
	})
}

func TestSlowQueriesRoseThreeHoursAgo(t *testing.T) {
	each(t, func(t *testing.T, w *World) {
		slow := measured(t, w, "db-1:9104", 1)
		before := mean(w, -3-7*24, -2.2-7*24, slow)
		require.Greater(t, mean(w, -2.9, -2.3, slow), 4*before)
		require.Less(t, mean(w, -1.5, 0, slow), 3*before)
	})
}
