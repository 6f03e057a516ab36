gradc_test(codegen LINKS compiler_driver)
