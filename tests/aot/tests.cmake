gradc_test(aot LINKS compiler_codegen)
