gradc_test(grammar LINKS grammar)
