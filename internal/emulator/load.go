package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// Data holds the user's own customers and their related resources, which an
// emulator serves instead of the seeded ones. ReadData makes it. It is not
// changed afterwards, so emulators can share it.
type Data struct {
	resources []*loaded // in the order of the files
	index     map[ref]*loaded
	schema    schema

	mode         string // "" if no customer has a mode
	modePlace    string // where the mode was read
	slug         string
	organization string
}

// loaded is a resource that was read from a file.
type loaded struct {
	resource
	place   string // the file and the path in its document
	primary bool   // whether the resource stands in data and not in included
}

// maxFile is the largest number of bytes of a file. A pipe may have no end.
const maxFile = 256 << 20

// maxProblems is the largest number of mistakes that an error lists.
const maxProblems = 20

// ReadData reads JSON:API documents in the form in which the API answers. A
// document has one customer or several, and may have included resources. The
// path names a file or a folder. In a folder, all files that end in .json are
// read in the order of their names, also in subfolders.
//
// The order of the customers in the documents becomes the order of their IDs. A
// customer that is only included is listed, too.
//
// The error lists each mistake with its file and its path in the document.
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
			// Hidden files and folders belong to editors and version control.
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

// dataReader reads one file after the other and collects their mistakes.
type dataReader struct {
	data     *Data
	file     string
	problems []string
}

// newDataReader makes a reader that knows the documented relationships. Files
// can add more. So the reader has a copy of the table that all emulators share.
func newDataReader() *dataReader {
	r := &dataReader{data: &Data{
		index:  map[ref]*loaded{},
		schema: schema{relationships: relationshipTable{}},
	}}
	for kind, list := range relationships {
		// Without spare capacity, append copies the list.
		r.data.schema.relationships[kind] = slices.Clip(list)
	}
	return r
}

// problem records a mistake. The place is a path such as data[2].attributes.
func (r *dataReader) problem(place, format string, args ...any) {
	r.problems = append(r.problems, r.at(place)+": "+fmt.Sprintf(format, args...))
}

// at adds the name of the current file to a place.
func (r *dataReader) at(place string) string { return r.file + ": " + place }

// err returns an error with a line for each mistake, or nil.
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

// readFile reads one file. It returns an error if the file has no document. It
// records mistakes in a document.
func (r *dataReader) readFile() error {
	file, err := os.Open(r.file)
	if err != nil {
		return err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		return err
	case len(text) > maxFile:
		return fmt.Errorf("%s: the file has more than %d MiB", r.file, maxFile>>20)
	}
	return r.read(text)
}

// read reads the content of a file.
func (r *dataReader) read(text []byte) error {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if len(bytes.TrimSpace(text)) == 0 {
		return fmt.Errorf("%s: the file is empty", r.file)
	}
	if !utf8.Valid(text) {
		return fmt.Errorf("%s: not UTF-8, which JSON must be; older versions of PowerShell write UTF-16: "+
			"use Out-File -Encoding utf8 there", r.file)
	}
	if err := checkSyntax(text); err != nil {
		return fmt.Errorf("%s:%w", r.file, err)
	}
	r.document(text)
	return nil
}

// checkSyntax returns an error if the text is not JSON. The error begins with
// the line and the column.
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

// Mode returns the mode of the customers, and the place where a file has it.
// The mode is "test" or "live". Both results are empty if no customer has a
// mode.
func (d *Data) Mode() (mode, place string) { return d.mode, d.modePlace }

// Organization returns the organization of the first customer with an
// organization_id. The slug comes from the customer's links. A result is empty
// if the files do not have it.
func (d *Data) Organization() (slug, id string) { return d.slug, d.organization }

// ReplaceData replaces all data with d, as if somebody had changed the
// organization. A customer that is also in d keeps the position in the order of
// IDs. All others are deleted. No request sees a part of the change.
func (e *Emulator) ReplaceData(d *Data) {
	e.store.mu.Lock()
	defer e.store.mu.Unlock()
	for _, c := range append(slices.Collect(maps.Values(e.store.related)), e.store.customers[e.live]) {
		for _, r := range slices.Clone(c.ordered) {
			if d.index[r.ref] == nil {
				c.remove(r.id)
			}
		}
	}
	for _, l := range d.resources {
		copied := l.resource
		e.store.put(&copied, e.live)
	}
	e.store.schema = d.schema
}
