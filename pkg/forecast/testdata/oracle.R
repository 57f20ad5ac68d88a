# Reference values of r_reference_test.go: R 4.2.2, forecast 8.20, MASS 7.3, urca 1.3. Run here: Rscript oracle.R > r.json
# Estimates are made with the options named below and nothing else; series are R's own data sets, and two made of sines.
suppressMessages({library(forecast); library(urca); library(MASS)})

num <- function(x) ifelse(is.na(x), "null", formatC(x, digits = 12, width = 1, format = "g"))
json <- function(x) {
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ",\n"), "]"))
    return(paste0("{", paste0('"', names(x), '":', parts, collapse = ", "), "}"))
  }
  if (is.character(x)) return(paste0('"', x, '"'))
  if (is.logical(x) && !anyNA(x)) return(tolower(as.character(x)))
  if (inherits(x, "scalar")) return(num(unclass(x)))
  paste0("[", paste(num(as.numeric(x)), collapse = ","), "]")
}
one <- function(x) structure(as.numeric(x), class = "scalar")

t <- 0:671
two <- round(50 + 10 * sin(2 * pi * t / 24) + 5 * cos(2 * pi * t / 168) + 0.01 * t + sin(t * t * 0.37), 4)
t <- 0:799
three <- round(20 + 6 * sin(2 * pi * t / 8) + 4 * cos(2 * pi * t / 20) + 3 * sin(2 * pi * t / 90) + 0.02 * t + 1.5 * cos(t * t * 0.11), 4)
hit <- two; hit[c(100, 101, 333, 500)] <- hit[c(100, 101, 333, 500)] + c(80, 80, -60, 90)
series <- list(air = AirPassengers, accidents = USAccDeaths, gas = UKgas, jj = JohnsonJohnson, nile = Nile, lh = lh, huron = LakeHuron,
  www = WWWusage, austres = ts(as.numeric(austres)), lynx = lynx, temperature = window(nottem, end = c(1929, 12)), presidents = presidents,
  two = ts(two), hit = ts(hit), three = ts(three))

smoothing <- function() {
  out <- list()
  add <- function(name, y, model, damped = FALSE) {
    f <- tryCatch(ets(y, model = model, damped = damped, bounds = "usual", opt.crit = "lik"), error = function(e) NULL)
    if (is.null(f)) return()
    p <- f$par[c("alpha", "beta", "gamma", "phi")]
    p[is.na(p)] <- 0
    # R's mean of a multiplicative season is not its point forecast, which is level and slope carried on times the season.
    point <- forecast(f, h = 14)$mean
    if (substr(model, 3, 3) == "M") {
      last <- f$states[nrow(f$states), ]; m <- frequency(y); phi <- if (damped) p[["phi"]] else 1
      slope <- if (substr(model, 2, 2) == "A") last[["b"]] else 0
      point <- (last[["l"]] + cumsum(phi^(1:14)) * slope) * last[paste0("s", m - (0:13) %% m)]
    }
    out[[length(out) + 1]] <<- list(series = name, model = paste0(model, if (damped) "d" else ""), period = one(if (substr(model, 3, 3) == "N") 1 else frequency(y)),
      parameters = unname(p), states = unname(f$initstate), loglik = one(f$loglik), aicc = one(f$aicc), fitted = tail(fitted(f), 10), mean = point)
  }
  for (name in c("nile", "lh", "www", "huron", "austres"))
    for (e in c("A", "M")) {
      add(name, series[[name]], paste0(e, "NN")); add(name, series[[name]], paste0(e, "AN")); add(name, series[[name]], paste0(e, "AN"), TRUE)
    }
  for (name in c("air", "accidents", "gas", "jj", "temperature"))
    for (m in c("ANA", "AAA", "MNA", "MAA", "MNM", "MAM")) {
      add(name, series[[name]], m); if (substr(m, 2, 2) == "A") add(name, series[[name]], m, TRUE)
    }
  out
}

naives <- function() lapply(c("air", "gas", "nile", "presidents"), function(name) {
  y <- series[[name]]
  s <- snaive(y, h = 15); n <- naive(y, h = 5)
  d <- if (anyNA(y)) NULL else rwf(y, h = 5, drift = TRUE)
  out <- list(series = name, period = one(frequency(y)), seasonal = s$mean, fitted = fitted(s), naive = n$mean)
  if (!is.null(d)) { out$drift <- d$mean; out$driftfitted <- fitted(d) }
  out
})

thetas <- function() lapply(c("nile", "lh", "www", "huron", "austres", "lynx"), function(name) {
  f <- thetaf(ts(as.numeric(series[[name]])), h = 8)
  list(series = name, mean = f$mean, alpha = one(f$model$alpha), drift = one(f$model$drift))
})

# Conditional sum of squares without the errors of the first four points of the differenced series, as the program has it.
arimas <- function() {
  out <- list()
  for (name in c("nile", "lh", "huron", "www", "lynx")) for (d in 0:1) for (p in 0:3) for (q in 0:2) if (p + q > 0) {
    y <- as.numeric(series[[name]])
    if (name == "lynx") y <- log(y)
    f <- tryCatch(suppressWarnings(arima(y, c(p, d, q), include.mean = d == 0, method = "CSS", n.cond = 4,
      optim.control = list(reltol = 1e-14, maxit = 2000))), error = function(e) NULL)
    if (is.null(f) || f$code != 0) next
    k <- coef(f)
    ahead <- tryCatch(suppressWarnings(predict(f, n.ahead = 6)$pred), error = function(e) NULL)
    if (is.null(ahead)) next
    rest <- residuals(f); rest[seq_len(4 + d)] <- 0
    out[[length(out) + 1]] <- list(series = name, p = one(p), d = one(d), q = one(q), ar = unname(k[grep("^ar", names(k))]), ma = unname(k[grep("^ma", names(k))]),
      mean = one(if (d == 0) k["intercept"] else 0), squares = one(sum(rest^2)), residuals = tail(rest, 10), ahead = ahead)
  }
  out
}

unitroots <- function() lapply(names(series), function(name) {
  y <- as.numeric(series[[name]]); y <- y[!is.na(y)]
  s <- ur.kpss(y, type = "mu", use.lag = trunc(3 * sqrt(length(y)) / 13))@teststat
  list(series = name, statistic = one(s), differences = one(min(ndiffs(y, test = "kpss"), 1)))
})

decompositions <- function() {
  at <- function(x) x[c(1, 2, 25, 100, 101, 333, 400, 500, 501, 670, 671, 672)]
  one_of <- function(name, periods) {
    f <- mstl(msts(as.numeric(series[[name]]), periods), lambda = NULL, iterate = 2, s.window = 11 + 4 * (seq_along(periods) - 1))
    seasons <- lapply(periods, function(p) at(f[, paste0("Seasonal", p)]))
    list(series = name, periods = periods, trend = at(f[, "Trend"]), seasons = seasons)
  }
  list(one_of("two", c(24, 168)), one_of("three", c(8, 20, 90)), one_of("hit", c(24, 168)), one_of("three", c(8, 20)), one_of("three", c(7, 99)))
}

counts <- list(bursts = c(0, 1, 0, 11, 0, 0, 0, 0, 2, 0, 6, 3, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0), begins = c(4, 0, 0, 3, 0, 2, 0, 0, 0, 5),
  often = c(2, 3, 0, 1, 4, 2, 0, 3, 1, 2, 5, 0, 1))
sparse <- function() do.call(c, lapply(names(counts), function(name) lapply(c(0.05, 0.1, 0.3), function(alpha) {
  f <- suppressWarnings(croston(ts(counts[[name]]), h = 3, alpha = alpha))
  list(series = name, values = counts[[name]], alpha = one(alpha), mean = f$mean, fitted = fitted(f))
})))

lines <- function() lapply(c("nile", "www", "huron", "hit", "lynx", "austres"), function(name) {
  y <- as.numeric(series[[name]]); at <- seq_along(y) - 1
  f <- rlm(y ~ at, psi = psi.huber, k = 1.345, scale.est = "MAD", maxit = 500, acc = 1e-12)
  list(series = name, intercept = one(coef(f)[1]), slope = one(coef(f)[2]))
})

cat(json(list(made = paste(R.version.string, "forecast", packageVersion("forecast"), "MASS", packageVersion("MASS"), "urca", packageVersion("urca")),
  series = lapply(series, function(y) list(period = one(frequency(y)), values = as.numeric(y))), ets = smoothing(), naive = naives(), theta = thetas(),
  arima = arimas(), unitroot = unitroots(), mstl = decompositions(), croston = sparse(), huber = lines())), "\n")
