from tests.governance.council_house import house as house
