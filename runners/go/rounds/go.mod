module rounds

go 1.24
