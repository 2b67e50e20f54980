package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// Data is somebody's own customers and what belongs to them, to be served
// instead of the seed. ReadData makes it. It is never changed afterwards.
type Data struct {
	customers []*loaded
	related   []*loaded
	index     map[ref]*loaded
	schema    schema

	mode         string // "" when no customer says it
	modePlace    string // where the mode was first read
	slug         string
	organization string
}

// loaded is a resource as it stands in a file.
type loaded struct {
	ref      ref
	place    string // the file and the place in it
	primary  bool   // in data and not in included
	document object
	links    map[string][]ref // by relationship, of those with linkage
}

// maxProblems is how many mistakes one error lists.
const maxProblems = 20

// ReadData reads JSON:API documents as the API answers them: one customer, or a
// list of them, with what was included. The path is a file, or a folder whose
// files that end in .json are read, with those of its subfolders, in the order
// of their names.
//
// The order of the customers in the documents becomes the order of their hidden
// sequence. A customer that is only included is a customer too.
//
// Its error names each mistake with the file and the place in it.
func ReadData(path string) (*Data, error) {
	files, err := dataFiles(path)
	if err != nil {
		return nil, err
	}
	r := newDataReader()
	for _, file := range files {
		r.file = file
		if err := r.readFile(); err != nil {
			r.problems = append(r.problems, err.Error())
		}
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return r.data, nil
}

// dataFiles lists the files to read.
func dataFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading the customers: %w", err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case file != path && strings.HasPrefix(entry.Name(), "."):
			// Editors and version control keep their own files here.
			if entry.IsDir() {
				return filepath.SkipDir
			}
		case !entry.IsDir() && strings.EqualFold(filepath.Ext(file), ".json"):
			files = append(files, file)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the customers: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("reading the customers: %s holds no file that ends in .json", path)
	}
	return files, nil
}

// dataReader reads file after file and collects what is wrong.
type dataReader struct {
	data     *Data
	file     string
	problems []string
}

// newDataReader knows the documented relationships. What files add to them must
// not land in the table that all emulators share.
func newDataReader() *dataReader {
	r := &dataReader{data: &Data{
		index:  map[ref]*loaded{},
		schema: schema{relationships: relationshipTable{}},
	}}
	for kind, list := range relationships {
		r.data.schema.relationships[kind] = slices.Clip(list)
	}
	return r
}

// problem notes a mistake. The place is a path as in data[2].attributes.
func (r *dataReader) problem(place, format string, args ...any) {
	r.problems = append(r.problems, r.at(place)+": "+fmt.Sprintf(format, args...))
}

// at names a place in the file that is being read.
func (r *dataReader) at(place string) string { return r.file + ": " + place }

// err is all that is wrong, a line for each mistake.
func (r *dataReader) err() error {
	lines := r.problems
	if len(lines) == 0 {
		return nil
	}
	if more := len(lines) - maxProblems; more > 0 {
		lines = append(lines[:maxProblems:maxProblems], fmt.Sprintf("and %d more", more))
	}
	return errors.New(strings.Join(lines, "\n"))
}

// readFile reads one document. Its error is one that leaves nothing to look at.
func (r *dataReader) readFile() error {
	text, err := os.ReadFile(r.file)
	if err != nil {
		return err
	}
	return r.text(text)
}

// text reads the text of a file.
func (r *dataReader) text(text []byte) error {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if len(bytes.TrimSpace(text)) == 0 {
		return fmt.Errorf("%s: the file is empty", r.file)
	}
	if !utf8.Valid(text) {
		return fmt.Errorf("%s: not UTF-8, in which JSON is written; older versions of PowerShell write UTF-16, "+
			"unless told otherwise by Out-File -Encoding utf8", r.file)
	}
	if err := checkSyntax(text); err != nil {
		return fmt.Errorf("%s:%w", r.file, err)
	}
	r.document(text)
	return nil
}

// checkSyntax finds what is no JSON. Its error begins with the line and the
// column.
func checkSyntax(text []byte) error {
	var ignored json.RawMessage
	err := json.Unmarshal(text, &ignored)
	if err == nil {
		return nil
	}
	offset := len(text)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = int(min(syntax.Offset, int64(len(text))))
	}
	before := text[:max(0, offset-1)]
	line := 1 + bytes.Count(before, []byte{'\n'})
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fmt.Errorf("%d:%d: %w", line, column, err)
}

// Mode is "test" or "live", and where a file says so; both are empty when no
// customer names a mode.
func (d *Data) Mode() (mode, place string) { return d.mode, d.modePlace }

// Organization is the organization that the first customer belongs to, by his
// links and his meta; what they don't say is empty.
func (d *Data) Organization() (slug, id string) { return d.slug, d.organization }

// Customers is the number of customers.
func (d *Data) Customers() int { return len(d.customers) }
