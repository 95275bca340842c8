package checks

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	cssComment  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSelector = regexp.MustCompile(`[^{}]*\{`)
	cssClass    = regexp.MustCompile(`\.([a-z][a-z_-]*)`)
	classValue  = regexp.MustCompile(`class=(?:"([^"]*)"|\{([^}]*)\})`)
	quoted      = regexp.MustCompile(`"([^"\n]*)"`)
	className   = regexp.MustCompile(`[a-z][a-z_-]*`)
)

// foreign are the classes that htmx sets by itself.
var foreign = []string{"htmx-request"}

// A class that no page carries is weight for every first visit; one without a
// rule looks like nothing.
func TestTheSheetAndThePagesNameTheSameClasses(t *testing.T) {
	sheet := classesOf(sources(t, "assets/css", ".css"))
	pages := sources(t, "frontend/internal", ".templ", ".go")
	words := wordsOf(pages + sources(t, "assets/js", ".js") + sources(t, "shared", ".go"))
	for class := range sheet {
		// A state is a code of the contracts behind "is-".
		if state, ok := strings.CutPrefix(class, "is-"); !words[class] && !(ok && words[state]) && !slices.Contains(foreign, class) {
			t.Errorf("no page carries the class %q", class)
		}
	}
	for _, class := range carried(pages) {
		if !sheet[class] {
			t.Errorf("the sheet has no rule for the class %q", class)
		}
	}
}

// classesOf returns the classes that a style sheet's selectors name.
func classesOf(css string) map[string]bool {
	classes := map[string]bool{}
	for _, selector := range cssSelector.FindAllString(cssComment.ReplaceAllString(css, ""), -1) {
		for _, m := range cssClass.FindAllStringSubmatch(selector, -1) {
			classes[m[1]] = true
		}
	}
	return classes
}

// wordsOf returns the words that stand between quotes in a program.
func wordsOf(program string) map[string]bool {
	words := map[string]bool{}
	for _, m := range quoted.FindAllStringSubmatch(program, -1) {
		for _, word := range className.FindAllString(m[1], -1) {
			words[word] = true
		}
	}
	return words
}

// carried returns the classes that markup spells out.
func carried(templates string) []string {
	var classes []string
	for _, m := range classValue.FindAllStringSubmatch(templates, -1) {
		values := m[1]
		for _, literal := range quoted.FindAllStringSubmatch(m[2], -1) {
			values += " " + literal[1]
		}
		for class := range strings.FieldsSeq(values) {
			if class != "is-" { // a code follows
				classes = append(classes, class)
			}
		}
	}
	return classes
}

// sources returns the text of all files below a folder of the house that end in
// one of these ways, without tests and generated code.
func sources(t *testing.T, folder string, endings ...string) string {
	t.Helper()
	var text strings.Builder
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !slices.Contains(endings, filepath.Ext(path)) ||
			strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
			return err
		}
		data, err := os.ReadFile(path)
		text.Write(data)
		text.WriteByte('\n')
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}
