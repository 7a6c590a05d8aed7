module answer

go 1.24
