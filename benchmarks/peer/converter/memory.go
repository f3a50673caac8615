package main

import (
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What only the benchmark holds is kept outside of Go's heap: the more there is on it, the less often its collector runs.

// mapped is a file's content.
func mapped(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return nil, err
	}
	return unix.Mmap(int(file.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
}

// outside gives the same texts, outside of the heap.
func outside(texts []string) ([]string, error) {
	all := strings.Join(texts, "")
	if all == "" {
		return nil, nil
	}
	memory, err := unix.Mmap(-1, 0, len(all), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil, err
	}
	copy(memory, all)
	moved := make([]string, len(texts))
	at := 0
	for number, text := range texts {
		if text != "" {
			moved[number] = unsafe.String(&memory[at], len(text))
		}
		at += len(text)
	}
	return moved, nil
}
