package calendar

import "time"

// China names the bundled list of the mainland's public holidays.
const China = "CN"

// stretch are days of one year, as month and day, first and last.
type stretch struct {
	name             string
	month, day       time.Month
	lastMonth, until time.Month
}

// notice is what the General Office of the State Council announces for a year. Weekends that only adjoin a holiday are
// weekends and not listed.
type notice struct {
	year    int
	off     []stretch
	makeUps [][2]int // month and day
}

// chinaNotices are the notices on holiday arrangements published on gov.cn: 2024 of October 2023 (content_6911528), 2025 of
// November 2024 (content_6986383), 2026 of November 2025 (content_7047091).
var chinaNotices = [...]notice{
	{2024, []stretch{
		{"元旦", 1, 1, 1, 1}, {"春节", 2, 10, 2, 17}, {"清明节", 4, 4, 4, 6}, {"劳动节", 5, 1, 5, 5},
		{"端午节", 6, 10, 6, 10}, {"中秋节", 9, 15, 9, 17}, {"国庆节", 10, 1, 10, 7},
	}, [][2]int{{2, 4}, {2, 18}, {4, 7}, {4, 28}, {5, 11}, {9, 14}, {9, 29}, {10, 12}}},
	{2025, []stretch{
		{"元旦", 1, 1, 1, 1}, {"春节", 1, 28, 2, 4}, {"清明节", 4, 4, 4, 6}, {"劳动节", 5, 1, 5, 5},
		{"端午节", 5, 31, 6, 2}, {"国庆节、中秋节", 10, 1, 10, 8},
	}, [][2]int{{1, 26}, {2, 8}, {4, 27}, {9, 28}, {10, 11}}},
	{2026, []stretch{
		{"元旦", 1, 1, 1, 3}, {"春节", 2, 15, 2, 23}, {"清明节", 4, 4, 4, 6}, {"劳动节", 5, 1, 5, 5},
		{"端午节", 6, 19, 6, 21}, {"中秋节", 9, 25, 9, 27}, {"国庆节", 10, 1, 10, 7},
	}, [][2]int{{1, 4}, {2, 14}, {2, 28}, {5, 9}, {9, 20}, {10, 10}}},
}

func (c *Calendar) china() {
	for _, n := range chinaNotices {
		c.years[n.year] = true
		for _, s := range n.off {
			last := time.Date(n.year, s.lastMonth, int(s.until), 0, 0, 0, 0, time.UTC)
			for d := time.Date(n.year, s.month, int(s.day), 0, 0, 0, 0, time.UTC); !d.After(last); d = d.AddDate(0, 0, 1) {
				c.days[key(d)] = Day{Holiday, s.name}
			}
		}
		for _, m := range n.makeUps {
			c.days[n.year*10000+m[0]*100+m[1]] = Day{MakeUp, "调休上班"}
		}
	}
}
