gradc_test(claims LINKS compiler_claims compiler_render)
