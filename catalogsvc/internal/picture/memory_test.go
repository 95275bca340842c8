package picture

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"runtime/metrics"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bookstore/catalogsvc/internal/picture/picturetest"
)

func TestPicturesWaitForTheirTurn(t *testing.T) {
	photo := asJPEG(t, quarters(60, 80))
	if err := decoding.Acquire(t.Context(), MaxMemory); err != nil {
		t.Fatal(err)
	}
	defer decoding.Release(MaxMemory)
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error)
	go func() {
		_, err := Render(ctx, photo)
		waiting <- err
	}()
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want to have waited in vain", err)
	}
}

func TestAPictureDoesNotWaitForEver(t *testing.T) {
	photo := asJPEG(t, quarters(60, 80))
	synctest.Test(t, func(t *testing.T) {
		if err := decoding.Acquire(t.Context(), MaxMemory); err != nil {
			t.Fatal(err)
		}
		defer decoding.Release(MaxMemory)
		start := time.Now()
		if _, err := Render(t.Context(), photo); !errors.Is(err, ErrBusy) {
			t.Errorf("got %v, want ErrBusy", err)
		}
		if waited := time.Since(start); waited != LongestWait {
			t.Errorf("waited %s", waited)
		}
	})
}

// TestManyLargePicturesStayWithinTheBound renders several of the largest
// pictures at once, of the kinds that need most memory for a pixel.
func TestManyLargePicturesStayWithinTheBound(t *testing.T) {
	const width, height = 8000, 5000 // MaxPixels
	files := map[string][]byte{
		"16 bits":         png16(t, width, height),
		"YCCK":            picturetest.JPEG{Width: width, Height: height, Values: []uint8{200, 100, 50, 255}, Adobe: 2}.File(),
		"progressive":     picturetest.JPEG{Width: width, Height: height, Values: []uint8{200, 100, 50}, Adobe: -1, Coarse: true, Progressive: true}.File(),
		"a lossless WebP": lossless(8000, 5000, red),
		"another 16 bits": png16(t, height, width),
	}
	before := memoryInUse()
	stop, peak := watchMemory()
	var all sync.WaitGroup
	for what, data := range files {
		all.Go(func() {
			if _, err := Render(t.Context(), data); err != nil && !errors.Is(err, ErrBusy) {
				t.Errorf("%s: %v", what, err)
			}
		})
	}
	all.Wait()
	stop()
	used := <-peak - before
	t.Logf("at most %d MB more than the %d before", used>>20, before>>20)
	if limit := int64(MaxMemory + MaxMemory/4); used > limit {
		t.Errorf("%d pictures took %d MB, want at most %d", len(files), used>>20, limit>>20)
	}
}

// watchMemory returns the largest use once it is told to stop.
func watchMemory() (stop func(), peak <-chan int64) {
	done, result := make(chan struct{}), make(chan int64, 1)
	go func() {
		var largest int64
		for tick := time.Tick(2 * time.Millisecond); ; {
			largest = max(largest, memoryInUse())
			select {
			case <-done:
				result <- largest
				return
			case <-tick:
			}
		}
	}()
	return func() { close(done) }, result
}

// memoryInUse is what the heap's objects take, garbage included.
func memoryInUse() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// png16 is a PNG file of one colour, of 16 bits for each of its channels.
func png16(t *testing.T, width, height int) []byte {
	t.Helper()
	header := binary.BigEndian.AppendUint32(nil, uint32(width))
	header = append(binary.BigEndian.AppendUint32(header, uint32(height)), 16, 6, 0, 0, 0)
	var rows bytes.Buffer
	packed, err := zlib.NewWriterLevel(&rows, zlib.BestSpeed)
	row := make([]byte, 1+8*width)
	for range height {
		if err == nil {
			_, err = packed.Write(row)
		}
	}
	if err == nil {
		err = packed.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat([]byte(pngSignature), pngChunkOf("IHDR", header), pngChunkOf("IDAT", rows.Bytes()), pngChunkOf("IEND", nil))
}
