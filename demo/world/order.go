package world

import (
	"math"
	"time"
)

// Regions of the shop.
var Regions = []string{"east", "west", "south"}

var regional = []struct{ rate, price float64 }{{118, 86.4}, {64, 79.9}, {83, 92.5}} // orders per minute at the peak, average value

// Order is one row of orders_per_minute.
type Order struct {
	Time   time.Time // the minute that begins then
	Region string
	Orders int
	Cents  int64 // amount
}

// Orders gives the rows of the minute that begins at t, one for each region.
func (w *World) Orders(t time.Time) []Order {
	m, rows := minuteOf(t), make([]Order, len(Regions))
	for i, region := range Regions {
		stream := streamOf("orders " + region)
		// People have more time to buy on weekends.
		mean := regional[i].rate * (0.03 + 0.97*evening(m)) * (2 - week(m, 0.75)) * (1 + 0.05*w.noise(stream, m))
		mean *= 1 - 0.88*w.strength(OrdersDown, region, m, 3)
		mean *= 1 + 1.6*w.strength(OrdersUp, region, m, 15)
		n := w.count(stream+16, m, mean)
		price := regional[i].price * (1 + 0.06*w.smooth(stream+17, m, 120))
		if n > 0 {
			price *= 1 + 0.5*w.white(stream+18, m)/math.Sqrt(n)*0.8
		}
		rows[i] = Order{Time: timeOf(m), Region: region, Orders: int(n), Cents: int64(math.Round(100 * n * math.Max(price, 1)))}
	}
	return rows
}
