gradc_test(documents LINKS gradc_flags)
add_dependencies(test_documents gradc)
