gradc_test(matrix LINKS gradc_flags)
add_dependencies(test_matrix gradc)
