package plugin

import (
	"context"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// broken stands for a connection whose settings have a mistake: everything asked of it answers with that.
type broken struct{ err error }

func orBroken(s source.Source, err error) source.Source {
	if err != nil {
		return broken{err}
	}
	return s
}

func (b broken) Read(context.Context, source.Request) (*series.Set, error) { return nil, b.err }
func (b broken) Check(context.Context) (string, error)                     { return "", b.err }
func (broken) Close() error                                                { return nil }
