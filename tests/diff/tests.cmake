gradc_test(diff LINKS compiler_diff)
