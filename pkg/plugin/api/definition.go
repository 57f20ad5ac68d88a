package api

import "github.com/forewarn/earlywarning/pkg/model"

// Types that are kept as they are sent.
type (
	// Definition is what a model is to be.
	Definition = model.Definition
	// Excluded is a stretch of time that is not learnt from.
	Excluded = model.Excluded
	// Change is one field of a definition that differs.
	Change = model.Change
	// Accuracy compares held-out errors with those of "same as last season".
	Accuracy = model.Accuracy
	// SeriesResult is what training found for one series.
	SeriesResult = model.SeriesResult
)
