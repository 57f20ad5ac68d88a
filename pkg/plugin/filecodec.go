package plugin

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/train"
)

// checksum is the SHA-256 of the file's JSON without it.
func checksum(f api.Export) (string, error) {
	f.Checksum = ""
	raw, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	// Once more through text, so that spaces in the queries do not matter.
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		return "", err
	}
	if raw, err = json.Marshal(plain); err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

func checkFile(f api.Export) error {
	if f.Format != api.ExportFormat {
		return badField("format", fmt.Sprintf("%q", f.Format), fmt.Sprintf("%q", api.ExportFormat))
	}
	want, err := checksum(f)
	if err != nil {
		return badField("body", "damaged", "a file as it was exported: "+err.Error())
	}
	if f.Checksum != want {
		return badField("checksum", f.Checksum, "that of the file's content: it was changed or is damaged")
	}
	return nil
}

func exported(v *store.Version, live int) (out api.ExportVersion, err error) {
	d, err := detail(v, nil, live)
	if err != nil {
		return out, err
	}
	return api.ExportVersion{Version: d.Version, Definition: d.Definition, Results: d.Results, Summary: v.Summary, States: base64.StdEncoding.EncodeToString(v.States)}, nil
}

// imported makes a version that is not stored yet. Its states must be readable, or it would fail when it is needed.
func imported(v api.ExportVersion) (*store.Version, error) {
	states, err := base64.StdEncoding.DecodeString(v.States)
	if err == nil {
		_, err = model.DecodeStates(states)
	}
	if err != nil {
		return nil, badField(fmt.Sprintf("versions[number=%d].states", v.Number), "not readable", "states as they were exported: "+err.Error())
	}
	out := &store.Version{TrainedAt: v.TrainedAt.Truncate(time.Millisecond), TrainedBy: v.TrainedBy, From: v.From, To: v.To, States: states, Summary: v.Summary}
	if out.Definition, err = json.Marshal(v.Definition); err != nil {
		return nil, err
	}
	if out.Results, err = model.EncodeResults(v.Results); err != nil {
		return nil, err
	}
	_, err = train.Summary(out)
	return out, err
}
