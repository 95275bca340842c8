// Package texts reads the pages that whoever runs the shop writes: how to reach
// them, help, terms and privacy. They are Markdown; those that are not written
// have defaults.
package texts

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"bookstore/shared/i18n"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// Names of the pages. A page's file is <language>/<name>.md.
const (
	Contact = "contact"
	Help    = "help"
	Terms   = "terms"
	Privacy = "privacy"
)

// Names lists the pages.
var Names = []string{Contact, Help, Terms, Privacy}

// maxFile bounds one file, in bytes.
const maxFile = 256 << 10

//go:embed defaults
var defaults embed.FS

// Page is a page ready to be shown.
type Page struct {
	Lang  string // that it is written in
	Title string // its first heading, as plain text
	HTML  string // the rest of it; safe to be shown as it is
}

// Pages are all pages in the languages that they are written in.
type Pages struct{ own, defaults map[string]Page } // by language and name

// Load reads the pages of folder, none if it is "". An error names the file that
// is wrong: too large, without a title, or of a name that no page has.
func Load(folder string) (*Pages, error) {
	standard, err := fs.Sub(defaults, "defaults")
	if err != nil {
		return nil, err
	}
	p := &Pages{own: map[string]Page{}}
	if p.defaults, err = read(standard); err != nil {
		return nil, err
	}
	if folder == "" {
		return p, nil
	}
	if _, err := os.ReadDir(folder); err != nil {
		return nil, fmt.Errorf("read the folder of pages: %w", err)
	}
	p.own, err = read(os.DirFS(folder))
	return p, err
}

// Page returns the page of this name in a language. Whoever runs the shop may
// have written it in another language only: then it is theirs, for a default
// might say something else.
func (p *Pages) Page(lang, name string) Page {
	for _, l := range append([]string{lang}, i18n.Languages...) {
		if page, ok := p.own[path.Join(l, name)]; ok {
			return page
		}
	}
	return p.defaults[path.Join(lang, name)]
}

// read returns the pages of a folder by language and name.
func read(folder fs.FS) (map[string]Page, error) {
	pages := map[string]Page{}
	files, err := fs.Glob(folder, "*/*.md")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		lang, name := path.Dir(file), strings.TrimSuffix(path.Base(file), ".md")
		if !i18n.Speaks(lang) || !slices.Contains(Names, name) {
			return nil, fmt.Errorf("%s is no page: files are <language>/<page>.md, languages %s, pages %s",
				file, strings.Join(i18n.Languages, ", "), strings.Join(Names, ", "))
		}
		page, err := readPage(folder, file)
		if err != nil {
			return nil, err
		}
		page.Lang = lang
		pages[path.Join(lang, name)] = page
	}
	return pages, nil
}

func readPage(folder fs.FS, file string) (Page, error) {
	info, err := fs.Stat(folder, file)
	if err != nil {
		return Page{}, err
	}
	if info.Size() > maxFile {
		return Page{}, fmt.Errorf("%s has more than %d bytes", file, maxFile)
	}
	source, err := fs.ReadFile(folder, file)
	if err != nil {
		return Page{}, err
	}
	page, err := render(source)
	if err != nil {
		return Page{}, fmt.Errorf("%s %w", file, err)
	}
	return page, nil
}

// markdown leaves HTML out, and links that run scripts. The alignment of tables
// would be a style attribute, which our pages may not have.
var markdown = goldmark.New(goldmark.WithExtensions(extension.Linkify,
	extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))))

// render makes a page of Markdown that begins with a heading.
func render(source []byte) (Page, error) {
	document := markdown.Parser().Parse(text.NewReader(source))
	heading, ok := document.FirstChild().(*ast.Heading)
	if !ok || heading.Level != 1 {
		return Page{}, fmt.Errorf("must begin with a title, such as # Help")
	}
	title := strings.TrimSpace(string(heading.Lines().Value(source)))
	document.RemoveChild(document, heading)
	var body bytes.Buffer
	if err := markdown.Renderer().Render(&body, source, document); err != nil {
		return Page{}, fmt.Errorf("can't be rendered: %w", err)
	}
	return Page{Title: title, HTML: body.String()}, nil
}
