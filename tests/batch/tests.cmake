gradc_test(batch LINKS compiler_batch compiler_diff)
