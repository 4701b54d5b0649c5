"""What Harbour & Pine sells. `data/lookup/products.txt` lists the same names, for the NLU."""

from dataclasses import dataclass

GOODS, SERVICE, PLAN, BOOKING = "goods", "service", "plan", "booking"


@dataclass(frozen=True, slots=True)
class Product:
    """Something a customer can order. `kind` is the kind of the order that it makes."""

    sku: str
    name: str
    kind: str
    pence: int


def _of(kind: str, *lines: tuple[str, str, int]) -> tuple[Product, ...]:
    return tuple(Product(sku, name, kind, pence) for sku, name, pence in lines)


CATALOGUE = (
    *_of(
        GOODS,
        ("KIT-101", "Copper kettle", 4_900),
        ("KIT-102", "Four-slice toaster", 5_400),
        ("KIT-103", "Espresso machine", 32_900),
        ("KIT-104", "Stand mixer", 27_900),
        ("KIT-105", "Cast-iron casserole", 8_900),
        ("KIT-106", "Chef's knife set", 11_500),
        ("KIT-107", "Air fryer", 12_900),
        ("KIT-108", "Food processor", 14_900),
        ("KIT-109", "Stoneware dinner set", 7_900),
        ("KIT-110", "Crystal wine glasses", 4_200),
        ("PAN-201", "Ground coffee, 1 kg", 1_650),
        ("PAN-202", "Afternoon tea hamper", 5_500),
        ("APP-301", "Washing machine", 64_900),
        ("APP-302", "Tumble dryer", 52_900),
        ("APP-303", "Fridge freezer", 79_900),
        ("APP-304", "Slimline dishwasher", 44_900),
        ("APP-305", "Cordless vacuum cleaner", 28_900),
        ("APP-306", "Steam iron", 6_900),
        ("APP-307", "Oil-filled radiator", 8_500),
        ("APP-308", "Tower fan", 5_900),
        ("TEC-401", "Smart doorbell", 8_900),
        ("TEC-402", "Noise-cancelling headphones", 19_900),
        ("TEC-403", "Bluetooth speaker", 7_900),
        ("TEC-404", "43-inch television", 32_900),
        ("TEC-405", "Tablet, 128 GB", 27_900),
        ("TEC-406", "Wireless router", 8_900),
        ("TEC-407", "Laptop sleeve", 2_400),
        ("HOM-501", "Two-seater sofa", 89_900),
        ("HOM-502", "Oak bedside table", 14_900),
        ("HOM-503", "Pine bookcase", 17_900),
        ("HOM-504", "Reading lamp", 5_900),
        ("HOM-505", "Wool rug", 15_900),
        ("HOM-506", "Memory foam mattress", 49_900),
        ("HOM-507", "Goose-down duvet", 12_900),
        ("HOM-508", "Linen bedding set", 8_900),
        ("HOM-509", "Blackout curtains", 6_500),
        ("GAR-601", "Garden bench", 18_900),
        ("GAR-602", "Cordless hedge trimmer", 11_900),
        ("GAR-603", "Charcoal barbecue", 22_900),
        ("GAR-604", "Watering can", 2_200),
        ("KID-701", "Wooden train set", 4_500),
        ("KID-702", "Birthday balloon kit", 1_400),
    ),
    *_of(
        SERVICE,
        ("SRV-801", "Washing machine installation", 4_500),
        ("SRV-802", "Dishwasher installation", 5_500),
        ("SRV-803", "Oven repair visit", 8_900),
        ("SRV-804", "Fridge repair visit", 8_900),
        ("SRV-805", "Boiler service", 9_900),
        ("SRV-806", "Furniture assembly", 6_500),
        ("SRV-807", "Television wall mounting", 7_500),
    ),
    *_of(
        PLAN,
        ("PLN-901", "Fibre broadband 100", 2_900),
        ("PLN-902", "Fibre broadband 500", 3_900),
        ("PLN-903", "Film streaming plan", 999),
        ("PLN-904", "Music streaming plan", 1_099),
        ("PLN-905", "Harbour Club membership", 4_900),
        ("PLN-906", "Appliance care plan", 799),
    ),
    *_of(
        BOOKING,
        ("BKG-951", "Cookery class", 6_500),
        ("BKG-952", "Kitchen design appointment", 5_000),
        ("BKG-953", "Personal shopping appointment", 3_000),
        ("BKG-954", "Afternoon tea for two", 5_600),
        ("BKG-955", "Curtain measuring visit", 4_000),
    ),
)

BY_NAME = {product.name: product for product in CATALOGUE}
BY_KIND = {kind: tuple(p for p in CATALOGUE if p.kind == kind) for kind in (GOODS, SERVICE, PLAN, BOOKING)}
