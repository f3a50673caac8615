package main

import (
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
)

// sink answers PutTraceSegments and keeps what it got.
type sink struct {
	url       string
	mutex     sync.Mutex
	documents []string
}

func listen() *sink {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	s := &sink{url: "http://" + listener.Addr().String()}
	go func() { log.Fatal(http.Serve(listener, s)) }() //nolint:gosec // only this process asks
	return s
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var call struct{ TraceSegmentDocuments []string }
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &call)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.documents = append(s.documents, call.TraceSegmentDocuments...)
	_, _ = w.Write([]byte(`{"UnprocessedTraceSegments":[]}`))
}

// take gives the documents that came since the last time.
func (s *sink) take() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	got := s.documents
	s.documents = nil
	return got
}
