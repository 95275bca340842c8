// Package build says which build a process is.
package build

import (
	"runtime/debug"
	"sync"
)

// version is the release, where the linker was told:
// go build -ldflags "-X bookstore/shared/internal/build.version=v1.2.3".
var version string

// Info is what is known about a build. What is not is empty.
type Info struct {
	Version  string `json:"version"`
	Revision string `json:"revision"` // of the repository, with "+" after it if files had been changed since
	Go       string `json:"go"`
}

// Current returns this process's build.
var Current = sync.OnceValue(func() Info {
	info := Info{Version: version}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return info
	}
	info.Go = build.GoVersion
	if info.Version == "" {
		info.Version = build.Main.Version
	}
	changed := ""
	for _, s := range build.Settings {
		switch {
		case s.Key == "vcs.revision":
			info.Revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+"
		}
	}
	if info.Revision != "" {
		info.Revision += changed
	}
	return info
})
