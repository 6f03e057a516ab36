gradc_test(checkpoint LINKS compiler_driver)
