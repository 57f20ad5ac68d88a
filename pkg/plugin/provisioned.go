package plugin

import (
	"encoding/json"
	"sync"

	"github.com/forewarn/earlywarning/pkg/model"
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
	var listed []model.Definition
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &listed); err != nil {
			i.provisioned.report([]string{"the setting models cannot be read: " + err.Error()}, nil)
			return
		}
	}
	i.trainer.KeepReconciled(listed, i.provisioned.report)
}
