package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const project = "terraform-provider-commercelayer"

// noticesFile holds the texts that the licences of the linked modules require.
const noticesFile = "THIRD_PARTY_NOTICES.txt"

// packed is a file in an archive.
type packed struct {
	executable bool
	content    []byte
}

// archiveName is the expected name of an archive. The Registries require this
// form of name for the provider. The emulator's name is different, so that they
// ignore it.
func (d dist) archiveName(a artifact) string {
	switch {
	case a.Extras.ID == providerID:
		return fmt.Sprintf("%s_%s_%s.zip", project, d.version, a.target())
	case a.OS == "windows":
		return fmt.Sprintf("commercelayer-emulator_%s_%s.zip", d.version, a.target())
	default:
		return fmt.Sprintf("commercelayer-emulator_%s_%s.tar.gz", d.version, a.target())
	}
}

func (d dist) binaryName(a artifact) string {
	name := "commercelayer-emulator"
	if a.Extras.ID == providerID {
		name = project + "_v" + d.version
	}

	if a.OS == "windows" {
		name += ".exe"
	}
	return name
}

// verifyArchives opens every archive. This is needed because goreleaser only
// warns when it does not find a file, and then makes the archive without it.
func (d dist) verifyArchives() (string, error) {
	archives := d.all(kindArchive)

	for _, a := range archives {
		if want := d.archiveName(a); a.Name != want {
			return "", fmt.Errorf("an archive is called %s and should be called %s", a.Name, want)
		}

		files, err := unpack(d.file(a))
		if err != nil {
			return "", err
		}

		if binary, found := files[d.binaryName(a)]; !found || !binary.executable {
			return "", fmt.Errorf("%s holds no %s that can be run", a.Name, d.binaryName(a))
		}

		if len(files["LICENSE"].content) == 0 {
			return "", fmt.Errorf("%s holds no LICENSE", a.Name)
		}

		if notices := string(files[noticesFile].content); !strings.Contains(notices, "The Go standard library") {
			return "", fmt.Errorf("%s holds no %s with the licences of the linked modules", a.Name, noticesFile)
		}
	}

	if binaries := d.all(kindBinary); len(archives) != len(binaries) {
		return "", fmt.Errorf("there are %d archives for %d binaries", len(archives), len(binaries))
	}
	return fmt.Sprintf(
		"%d archives have the names that the Registries require, and each holds its binary, licence and notices",
		len(archives),
	), nil
}

// unpack reads all files of an archive.
func unpack(path string) (map[string]packed, error) {
	read := unpackTar
	if filepath.Ext(path) == ".zip" {
		read = unpackZip
	}

	files, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", filepath.Base(path), err)
	}
	return files, nil
}

func unpackZip(path string) (map[string]packed, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}

	defer func() { _ = archive.Close() }()

	files := map[string]packed{}

	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			return nil, err
		}

		content, err := io.ReadAll(reader)
		if err := errors.Join(err, reader.Close()); err != nil {
			return nil, err
		}

		files[file.Name] = packed{executable: file.Mode().Perm()&0o111 != 0, content: content}
	}
	return files, nil
}

func unpackTar(path string) (map[string]packed, error) {
	compressed, err := os.Open(path)
	if err != nil {
		return nil, err
	}

	defer func() { _ = compressed.Close() }()

	plain, err := gzip.NewReader(compressed)
	if err != nil {
		return nil, err
	}

	files := map[string]packed{}

	for archive := tar.NewReader(plain); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}

		content, err := io.ReadAll(archive)
		if err != nil {
			return nil, err
		}

		files[header.Name] = packed{executable: header.FileInfo().Mode().Perm()&0o111 != 0, content: content}
	}
}
