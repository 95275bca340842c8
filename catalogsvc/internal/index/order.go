package index

import (
	"maps"
	"math"
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// order keeps all books in buckets of something that lists are sorted by. A
// page of a long list, or a range of it, then takes a look at few of them.
type order struct {
	keys    []uint64 // of the buckets, sorted
	buckets map[uint64]*postings
}

func newOrder() order { return order{buckets: map[uint64]*postings{}} }

// add puts a book into a bucket. While an index is filled nobody needs the keys
// in order: sort makes up for it.
func (o *order) add(key uint64, id uint32, filling bool) {
	bucket := o.buckets[key]
	if bucket == nil {
		bucket = &postings{}
		o.buckets[key] = bucket
		if at, _ := slices.BinarySearch(o.keys, key); !filling {
			o.keys = slices.Insert(o.keys, at, key)
		}
	}
	bucket.add(id)
}

func (o *order) remove(key uint64, id uint32) { o.buckets[key].remove(id) }

func (o *order) sort() {
	o.keys = slices.AppendSeq(make([]uint64, 0, len(o.buckets)), maps.Keys(o.buckets))
	slices.Sort(o.keys)
	for _, bucket := range o.buckets {
		bucket.clip()
	}
}

// from returns the keys from one on.
func (o *order) from(key uint64) []uint64 {
	at, _ := slices.BinarySearch(o.keys, key)
	return o.keys[at:]
}

// upTo returns the keys up to one.
func (o *order) upTo(key uint64) []uint64 {
	at, found := slices.BinarySearch(o.keys, key)
	if found {
		at++
	}
	return o.keys[:at]
}

// Buckets of prices have five significant bits: each is a thirty-second as wide
// as its prices are high.
const priceBits = 5

// priceKey returns the bucket of a price. Greater prices have no lesser ones.
func priceKey(price uint32) uint64 {
	shift := max(bits.Len32(price)-priceBits-1, 0)
	return uint64(shift)<<priceBits + uint64(price>>shift)
}

// titleKey returns the bucket of titles that start so: with the same five bytes.
func titleKey(titleStart uint64) uint64 { return titleStart >> 24 }

// isMuch reports whether set is so much of all books that buckets are quicker
// than a look at each of its books.
func (q *query) isMuch(set *roaring.Bitmap) bool {
	return set.GetCardinality()*8 >= q.all.GetCardinality()
}

// between returns the books whose price is in [least, most].
func (q *query) between(least, most int64) *roaring.Bitmap {
	if least > math.MaxUint32 {
		return roaring.New()
	}
	first, last := priceKey(uint32(max(least, 0))), priceKey(uint32(min(most, math.MaxUint32)))
	var parts []*roaring.Bitmap
	for _, key := range q.prices.from(first) {
		if key > last {
			break
		}
		bucket := q.prices.buckets[key].bitmap()
		if key == first || key == last {
			bucket = q.where(bucket, func(b *book) bool { return int64(b.price) >= least && int64(b.price) <= most })
		}
		parts = append(parts, bucket)
	}
	return roaring.FastOr(parts...)
}

// eachInOrder calls do with the books of set, bucket by bucket, until enough
// says so after one of them. It returns false if it has given up after the many
// buckets that a list can have of which set has the last ones alone.
func (q *query) eachInOrder(o *order, keys []uint64, downwards bool, set *roaring.Bitmap, do func(id uint32, r *bookRange, b *book), enough func() bool) bool {
	const many = 2000
	for i := range keys {
		if i == many {
			return false
		}
		key := keys[i]
		if downwards {
			key = keys[len(keys)-1-i]
		}
		q.each(roaring.And(set, o.buckets[key].bitmap()), do)
		if enough() {
			return true
		}
	}
	return true
}
