package plugin

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/train"
)

// provisioned is what came of the models in the data source's settings.
type provisioned struct {
	mu       sync.Mutex
	problems []string
}

func (p *provisioned) report(problems []string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.problems = problems; err != nil {
		p.problems = append(p.problems, "the models of the data source's settings could not be brought in line yet: "+err.Error())
	}
}

func (i *Instance) provisioningProblems() []string {
	i.provisioned.mu.Lock()
	defer i.provisioned.mu.Unlock()
	return append([]string{}, i.provisioned.problems...)
}

// provision brings the stored models in line with the settings. A list that cannot be read changes nothing.
func (i *Instance) provision(raw json.RawMessage) {
	var each []json.RawMessage
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &each); err != nil {
			i.provisioned.report([]string{"the setting models cannot be read: " + err.Error()}, nil)
			return
		}
	}
	listed := make([]train.Listed, len(each))
	for k, one := range each {
		listed[k] = listedOf(one)
	}
	i.trainer.KeepReconciled(listed, i.provisioned.report)
}

// listedOf reads a definition strictly: an unknown field is an error that names it. The name is read in any case, so that a mistake
// does not take away the model that is there.
func listedOf(raw json.RawMessage) (out train.Listed) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&out.Definition); err != nil {
		var head struct {
			Name string `json:"name"`
		}
		_ = json.Unmarshal(raw, &head)
		out = train.Listed{Definition: model.Definition{Name: head.Name}, Err: errors.New(strings.TrimPrefix(err.Error(), "json: "))}
	}
	return out
}
