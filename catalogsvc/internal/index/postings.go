package index

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// maxFew is how many books a plain list holds; more are a bitmap.
const maxFew = 32

// postings are the books that have something in common: none, one, a sorted
// list or a bitmap. Nearly all words are rare, and one bitmap has the size of
// fifty numbers.
type postings struct {
	one  uint32 // 0: none, or more
	more *list
}

type list struct {
	few  []uint32
	many *roaring.Bitmap // nil: they are in few
}

func (p *postings) add(id uint32) {
	switch {
	case p.more != nil:
		p.more.add(id)
	case p.one == 0:
		p.one = id
	case p.one != id:
		p.more = &list{few: []uint32{min(p.one, id), max(p.one, id)}}
		p.one = 0
	}
}

func (l *list) add(id uint32) {
	if l.many != nil {
		l.many.Add(id)
		return
	}
	at, found := slices.BinarySearch(l.few, id)
	switch {
	case found:
	case len(l.few) == maxFew:
		l.many = roaring.BitmapOf(l.few...)
		l.many.Add(id)
		l.few = nil
	default:
		l.few = slices.Insert(l.few, at, id)
	}
}

func (p *postings) remove(id uint32) {
	switch {
	case p.more == nil:
		if p.one == id {
			p.one = 0
		}
	case p.more.many != nil:
		p.more.many.Remove(id)
	default:
		if at, found := slices.BinarySearch(p.more.few, id); found {
			p.more.few = slices.Delete(p.more.few, at, at+1)
		}
	}
}

// count returns how many books there are.
func (p *postings) count() uint64 {
	switch {
	case p.more == nil && p.one == 0:
		return 0
	case p.more == nil:
		return 1
	case p.more.many == nil:
		return uint64(len(p.more.few))
	}
	return p.more.many.GetCardinality()
}

// clip gives memory back that books to come would need.
func (p *postings) clip() {
	switch {
	case p.more == nil:
	case p.more.many == nil:
		p.more.few = slices.Clip(p.more.few)
	default:
		p.more.many = p.more.many.Clone()
	}
}

// bitmap returns the books as a bitmap, which may be p's own.
func (p *postings) bitmap() *roaring.Bitmap {
	switch {
	case p.more == nil && p.one == 0:
		return roaring.New()
	case p.more == nil:
		return roaring.BitmapOf(p.one)
	case p.more.many == nil:
		return roaring.BitmapOf(p.more.few...)
	}
	return p.more.many
}

// union collects books that any of many postings have.
type union struct {
	ids  []uint32
	bits []*roaring.Bitmap
}

func (u *union) add(p *postings) {
	switch {
	case p.more == nil && p.one == 0:
	case p.more == nil:
		u.ids = append(u.ids, p.one)
	case p.more.many == nil:
		u.ids = append(u.ids, p.more.few...)
	default:
		u.bits = append(u.bits, p.more.many)
	}
}

// bitmap returns what was collected, as a bitmap of its own unless only one
// was collected.
func (u *union) bitmap(s *scratch) *roaring.Bitmap {
	if len(u.ids) == 0 && len(u.bits) == 1 {
		return u.bits[0]
	}
	all := s.bitmapOf(u.ids)
	if len(u.bits) > 0 {
		all.Or(roaring.FastOr(u.bits...))
	}
	return all
}

// scratch is the memory that one search needs and the next can have.
type scratch struct {
	union union
	dense []uint64
	batch []uint32
	marks []uint64
}

// aMany is from how many ids on a set is made of single bits: it is written in
// one pass, however the ids are ordered.
const aMany = 2000

// bitmapOf returns a new bitmap of ids, in any order.
func (s *scratch) bitmapOf(ids []uint32) *roaring.Bitmap {
	if len(ids) < aMany {
		slices.Sort(ids)
		return roaring.BitmapOf(ids...)
	}
	dense := s.denseTo(slices.Max(ids))
	for _, id := range ids {
		dense[id/64] |= 1 << (id % 64)
	}
	return roaring.FromDense(dense, true)
}

// denseTo returns as many bits as ids up to last need, none of them set.
func (s *scratch) denseTo(last uint32) []uint64 {
	n := int(last/64) + 1
	s.dense = slices.Grow(s.dense[:0], n)[:n]
	clear(s.dense)
	return s.dense
}
