package docker

import (
	"os"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
)

// The pictures of sellers outlive the container, in a volume that all instances
// of a host share, and on instances of AWS they leave it for the bucket.
func TestCoversAreKeptOutsideOfTheirContainer(t *testing.T) {
	project := load(t, []string{composeFile}, nil, nil)
	catalog := project.Services["catalogsvc"]
	url := catalog.Environment["COVERS_URL"]
	if url == nil || *url != "file:/covers" {
		t.Fatalf("covers are kept at %v", url)
	}
	found := false
	for _, volume := range catalog.Volumes {
		if volume.Target == "/covers" {
			found = volume.Type == types.VolumeTypeVolume && !volume.ReadOnly
		}
	}
	if _, declared := project.Volumes["covers"]; !found || !declared {
		t.Errorf("/covers is no volume that can be written: %+v", catalog.Volumes)
	}
	for _, volume := range loadAWS(t).Services["catalogsvc"].Volumes {
		if volume.Target == "/covers" {
			t.Error("an instance of AWS keeps covers for itself")
		}
	}
}

// A volume belongs to root unless the image has something in its place, and
// the programs are not root.
func TestTheVolumesOfTheCatalogBelongToTheProgram(t *testing.T) {
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"USER 65532:65532", "RUN mkdir -p /volumes/covers /volumes/search", "COPY --from=build-catalogsvc --chown=65532:65532 /volumes/ /",
	} {
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("the Dockerfile lacks %q", line)
		}
	}
}
