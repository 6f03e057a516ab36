gradc_test(aot LINKS compiler_driver)
