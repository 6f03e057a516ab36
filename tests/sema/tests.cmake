gradc_test(sema LINKS compiler_sema)
