# Forecasts a file of series with R's forecast package.
#
# usage: Rscript peers.R SERIES.csv OUT_PREFIX PERIODS
#
# SERIES.csv: series,category,m,h,train (values joined by ';'). PERIODS: seasonal periods in steps, such as 24,168, which the methods
# are told. Writes OUT_PREFIX.csv (method,series,step,mean,lo95,hi95) and OUT_PREFIX_ms.csv (method,series,ms: processor time of fit and
# forecast with a 95 % interval).
suppressMessages(library(forecast))

args <- commandArgs(trailingOnly = TRUE)
series <- read.csv(args[1], stringsAsFactors = FALSE, colClasses = c(train = "character"))
periods <- as.numeric(strsplit(args[3], ",")[[1]])
version <- paste("R forecast", as.character(packageVersion("forecast")))

single <- function(x) ts(x, frequency = periods[1])
several <- function(x) if (length(periods) > 1) msts(x, seasonal.periods = periods) else single(x)
methods <- list(
  "snaive" = function(x, h) snaive(single(x), h = h, level = 95),
  "thetaf" = function(x, h) thetaf(single(x), h = h, level = 95),
  "mstl + ets" = function(x, h) forecast(mstl(several(x)), method = "ets", h = h, level = 95),
  "mstl + auto.arima" = function(x, h) forecast(mstl(several(x)), method = "arima", h = h, level = 95)
)

ahead <- file(paste0(args[2], ".csv"), "w")
times <- file(paste0(args[2], "_ms.csv"), "w")
writeLines("method,series,step,mean,lo95,hi95", ahead)
writeLines("method,series,ms", times)
for (name in names(methods)) {
  method <- paste0(version, ": ", name)
  message("running ", method)
  for (i in seq_len(nrow(series))) {
    x <- as.numeric(strsplit(series$train[i], ";")[[1]])
    h <- series$h[i]
    f <- NULL
    cost <- system.time(f <- methods[[name]](x, h))
    writeLines(sprintf("%s,%s,%.6f", method, series$series[i], 1000 * (cost[["user.self"]] + cost[["sys.self"]])), times)
    writeLines(sprintf("%s,%s,%d,%.10g,%.10g,%.10g", method, series$series[i], seq_len(h), as.numeric(f$mean), as.numeric(f$lower),
      as.numeric(f$upper)), ahead)
  }
}
close(ahead)
close(times)
