module bookstore/assets

go 1.26
